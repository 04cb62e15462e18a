import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { askEmulator, resolveAwsAccess, withClients } from '../aws/aws-access.ts';
import { toOperationError } from '../aws/aws-errors.ts';
import { endpointOf } from '../endpoint/endpoint.ts';
import { describeStack, type Stack, stackNotFound } from '../aws/stack.ts';
import { OperationError } from '../cli/errors.ts';
import { type CommandContext, readStackName, type StackFlags } from '../cli/options.ts';
import { readApiKey } from '../endpoint/credentials.ts';
import { type LiveSettings, readLiveSettings } from './live-settings.ts';
import { type StackStatus, stackStatus } from './stack-status.ts';
import { statusLines } from './report/status-lines.ts';
import { createJsonLines, createStyle } from '../ui/terminal.ts';

interface StatusFlags extends StackFlags {
  readonly showKey?: boolean;
  readonly url?: boolean;
}

/**
 * Prints the stack and its settings, or only the API key, or only the URL.
 * @throws {OperationError} STACK_NOT_FOUND, STACK_NOT_READY, NO_API_KEY, or an error of AWS
 */
export async function runStatus(flags: StatusFlags, { terminal, target }: CommandContext): Promise<void> {
  const { stdout, env } = terminal;
  const stackName = readStackName(flags, env);
  const access = await askEmulator(resolveAwsAccess(flags, env));
  try {
    await withClients(access, [CloudFormationClient, APIGatewayClient, LambdaClient], async (client, apiGateway, lambda) => {
      const stack = await describeStack(client, stackName);
      if (!stack) throw await stackNotFound(stackName, client);
      const apiKey = flags.showKey ? await showKey(stack, apiGateway) : undefined;
      if (apiKey !== undefined && !flags.json) {
        stdout.write(`${apiKey}\n`);
        return;
      }
      if (flags.url && !flags.json) {
        stdout.write(`${endpointOf(stack, access).url}\n`);
        return;
      }
      const region = await client.config.region();
      const live = await readLiveSettings(stack, apiGateway, lambda);
      const url = stack.outputs['ApiId'] ? endpointOf(stack, access).url : undefined;
      const facts = stackStatus(stack, live, { region, url, timeScale: access.timeScale });
      if (flags.json) createJsonLines(stdout)({ type: 'result', ok: true, apiKey, ...toJson(facts) });
      else stdout.write(statusLines(facts, createStyle(stdout, env), { target, nowMs: Date.now(), output: stdout }));
    });
  } catch (error) {
    throw toOperationError(error, access);
  }
}

function toJson({ stack, live, ...facts }: StackStatus): Record<string, unknown> {
  const { name, status: state, statusReason, parameters, outputs } = stack;
  return {
    stackName: name,
    status: state,
    statusReason,
    ...facts,
    updatedAt: stack.updatedAt ?? stack.createdAt,
    parameters,
    outputs,
    live: live && { ...live, function: withoutVariables(live.function) },
  };
}

/** Parameters and drift already show the function's variables. */
function withoutVariables(reading: LiveSettings['function']): unknown {
  if (reading.type === 'unknown') return reading;
  const { variables: _, ...value } = reading.value;
  return { type: 'known', value };
}

async function showKey(stack: Stack, client: APIGatewayClient): Promise<string> {
  const keyId = stack.outputs['ApiKeyId'];
  if (keyId) return readApiKey(client, keyId);
  throw new OperationError('NO_API_KEY', `the stack ${stack.name} has no API key (auth: ${stack.outputs['AuthMode'] ?? 'none'})`);
}
