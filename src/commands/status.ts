import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Command } from 'commander';
import { clientConfig, toOperationError, resolveAwsAccess } from '../aws-access.ts';
import type { CommandContext } from '../context.ts';
import { endpointUrl, stackNotFound } from '../endpoint.ts';
import { OperationError } from '../errors.ts';
import { IDLE_LIMIT_MS, STREAM_LIMIT_MS } from '../limits.ts';
import { addStackFlags, readStackName, type StackFlags } from '../options.ts';
import { readApiKey } from '../stack/api-key.ts';
import { describeStack, type Stack } from '../stack/describe-stack.ts';
import { createJsonLines } from '../ui/json-lines.ts';
import { keyValueLines } from '../ui/table.ts';

interface Flags extends StackFlags {
  readonly showKey?: boolean;
}

const EXAMPLES = `
Examples:
  agentstream status
  agentstream status --json | jq .url
  curl -H "x-api-key: $(agentstream status --show-key)" ...
`;

export function configure(command: Command, context: CommandContext): void {
  addStackFlags(command)
    .option('--show-key', 'print the API key and nothing else')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => status(flags, context));
}

async function status(flags: Flags, { terminal }: CommandContext): Promise<void> {
  const stackName = readStackName(flags, terminal.env);
  const access = resolveAwsAccess(flags, terminal.env);
  const client = new CloudFormationClient(clientConfig(access));
  const apiGateway = new APIGatewayClient(clientConfig(access));
  try {
    const stack = await describeStack(client, stackName);
    if (!stack) throw await stackNotFound(stackName, client);
    const apiKey = flags.showKey ? await showKey(stack, apiGateway) : undefined;
    const url = stack.outputs['ApiId'] ? endpointUrl(stack, access) : undefined;
    if (flags.json) {
      createJsonLines(terminal.stdout)({
        type: 'result',
        ok: true,
        stackName,
        region: await client.config.region(),
        status: stack.status,
        url,
        apiKey,
        parameters: stack.parameters,
        outputs: stack.outputs,
      });
    } else if (apiKey !== undefined) {
      terminal.stdout.write(`${apiKey}\n`);
    } else {
      terminal.stdout.write(keyValueLines(rows(stack, await client.config.region(), url)));
    }
  } catch (error) {
    throw toOperationError(error, access);
  } finally {
    client.destroy();
    apiGateway.destroy();
  }
}

async function showKey(stack: Stack, client: APIGatewayClient): Promise<string> {
  const keyId = stack.outputs['ApiKeyId'];
  if (keyId) return readApiKey(client, keyId);
  throw new OperationError(
    'NO_API_KEY',
    `the stack ${stack.name} has no API key (auth: ${stack.outputs['AuthMode'] ?? 'none'})`,
  );
}

function rows(stack: Stack, region: string, url: string | undefined): [string, string][] {
  const { outputs, parameters } = stack;
  const heartbeat = Number(parameters['HeartbeatMs'] ?? 0);
  return [
    ['Stack', `${stack.name} in ${region}`],
    ['Status', stack.statusReason ? `${stack.status} (${stack.statusReason})` : stack.status],
    ['URL', url ?? 'none yet'],
    ['Endpoint', endpointRow(outputs['EndpointType'])],
    ['Auth', outputs['AuthMode'] ?? parameters['AuthMode'] ?? ''],
    ['Agent', parameters['AgentRuntimeArn'] ?? ''],
    ['Qualifier', parameters['AgentQualifier'] ?? ''],
    ['Heartbeat', heartbeat === 0 ? 'off' : `after ${heartbeat / 1_000} s of silence`],
    ['Throttle', `${parameters['RateLimit'] ?? ''}/s, burst ${parameters['BurstLimit'] ?? ''}`],
    ...(outputs['ApiKeyId']
      ? [['Quota', `${parameters['QuotaPerDay'] ?? ''} per day`] as [string, string]]
      : []),
    ['Function', outputs['FunctionName'] ?? 'none yet'],
    ['Log group', outputs['LogGroupName'] ?? 'none yet'],
    ['Changed', (stack.updatedAt ?? stack.createdAt)?.toISOString() ?? ''],
  ];
}

function endpointRow(type: string | undefined): string {
  const idleMs = IDLE_LIMIT_MS[type ?? ''];
  if (type === undefined || idleMs === undefined) return type ?? 'none yet';
  return `${type}: a stream may be silent for ${idleMs / 1_000} s and last ${STREAM_LIMIT_MS / 60_000} min`;
}
