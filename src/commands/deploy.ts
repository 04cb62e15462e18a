import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Command } from 'commander';
import { type AwsAccess, clientConfig, toOperationError, resolveAwsAccess } from '../aws-access.ts';
import type { CommandContext } from '../context.ts';
import { AbortError, isAbort } from '../errors.ts';
import { addDeployFlags, type DeployFlags, toParameters } from '../deploy-flags.ts';
import { endpointUrl } from '../endpoint.ts';
import { parseAgentRuntimeArn } from '../stack/agent-runtime-arn.ts';
import { type DeployResult, deployStack } from '../stack/deploy-stack.ts';
import { createTemplateRenderer } from '../stack/template-renderer.ts';
import { DEFAULT_STACK_NAME, addStackFlags, readStackName, type StackFlags } from '../options.ts';
import { type CurlAuth, curlLine } from '../ui/curl-line.ts';
import { formatBytes } from '../ui/format.ts';
import { createJsonLines } from '../ui/json-lines.ts';
import { createStackReporter } from '../ui/stack-reporter.ts';
import { createStyle } from '../ui/style.ts';

interface Flags extends StackFlags, DeployFlags {
  readonly agentArn?: string;
}

const EXAMPLES = `
Examples:
  agentstream deploy --agent-arn arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/my_agent-AbCdEfGhIj
  agentstream deploy --heartbeat 5s          # change one setting, keep all others
  agentstream deploy --auth iam --stack-name staging --agent-arn ARN

Without an account: agentstream dev
`;

export function configure(command: Command, context: CommandContext): void {
  command.option(
    '--agent-arn <arn>',
    'ARN of the AgentCore runtime; needed the first time (env: AGENTSTREAM_AGENT_ARN)',
  );
  addDeployFlags(command);
  addStackFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => deploy(flags, context));
}

async function deploy(flags: Flags, { terminal, signal }: CommandContext): Promise<void> {
  const stackName = readStackName(flags, terminal.env);
  const agentArn = flags.agentArn ?? terminal.env['AGENTSTREAM_AGENT_ARN'];
  const agent = agentArn === undefined ? undefined : parseAgentRuntimeArn(agentArn);
  const access = await withRegion(resolveAwsAccess(flags, terminal.env), agent?.region);
  const json = flags.json === true;
  const reporter = await createStackReporter(terminal, { json });
  const client = new CloudFormationClient(clientConfig(access));
  try {
    const renderer = await createTemplateRenderer();
    reporter.report({
      type: 'step',
      text: `built the function (${formatBytes(renderer.codeBytes)})`,
    });
    const result = await deployStack(client, {
      stackName,
      parameters: toParameters(flags, agent?.arn),
      renderTemplate: renderer.render,
      onEvent: (event) => reporter.report(event),
      signal,
    });
    reporter.done();
    const url = endpointUrl(result.stack, access);
    if (json) {
      createJsonLines(terminal.stdout)({
        type: 'result',
        ok: true,
        outcome: result.type,
        stackName,
        region: access.region,
        url,
        outputs: result.stack.outputs,
      });
      return;
    }
    terminal.stderr.write(
      summary(result, access, agent?.region, createStyle(terminal.stderr, terminal.env)),
    );
    terminal.stdout.write(`${url}\n`);
    terminal.stderr.write(nextSteps(result, access, url, flags.local === true));
  } catch (error) {
    reporter.done();
    throw withProgressHint(toOperationError(error, access), stackName);
  } finally {
    client.destroy();
  }
}

/** The Region that is set anywhere, else the agent's own. */
async function withRegion(access: AwsAccess, agentRegion: string | undefined): Promise<AwsAccess> {
  if (access.region) return access;
  const probe = new CloudFormationClient(clientConfig(access));
  try {
    return { ...access, region: await probe.config.region() };
  } catch {
    return { ...access, ...(agentRegion && { region: agentRegion }) };
  } finally {
    probe.destroy();
  }
}

function summary(
  result: DeployResult,
  access: AwsAccess,
  agentRegion: string | undefined,
  style: ReturnType<typeof createStyle>,
): string {
  const { name, outputs } = result.stack;
  const where = `stack ${name} in ${access.region ?? 'the default region'}`;
  const done = {
    created: `${style.green('created')} ${where}`,
    updated: `${style.green('updated')} ${where}`,
    'no-changes': `no changes: ${where} is up to date`,
  }[result.type];
  const lines = [done];
  if (outputs['AuthMode'] === 'none') {
    lines.push(
      style.yellow('anyone who knows the URL can call this agent at your cost (--auth none)'),
    );
  }
  if (agentRegion && access.region && agentRegion !== access.region) {
    lines.push(
      `the agent is in ${agentRegion}: every turn crosses regions; --region ${agentRegion} would put the stack beside it`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function nextSteps(result: DeployResult, access: AwsAccess, url: string, local: boolean): string {
  const { name, outputs } = result.stack;
  const where =
    (local ? ' --local' : '') +
    (name === DEFAULT_STACK_NAME ? '' : ` --stack-name ${name}`) +
    (access.region ? ` --region ${access.region}` : '');
  const modes: Readonly<Record<string, CurlAuth>> = {
    'api-key': { type: 'api-key', value: `$(agentstream status --show-key${where})` },
    iam: { type: 'iam', region: access.region ?? '' },
  };
  const auth = modes[outputs['AuthMode'] ?? ''] ?? { type: 'none' };
  return `
Try it:
  ${curlLine(url, auth)}

  agentstream invoke${where} "Hello!"
  agentstream status${where}
  agentstream destroy${where}
`;
}

/** An interrupted deploy goes on without us. */
function withProgressHint(error: Error, stackName: string): Error {
  if (!isAbort(error)) return error;
  return new AbortError('interrupted', {
    hint: `what was begun goes on in AWS; follow it with: agentstream status --stack-name ${stackName}`,
  });
}
