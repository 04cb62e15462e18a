import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Command } from 'commander';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import {
  type AwsAccess,
  clientConfig,
  DEV_CREDENTIALS,
  DEV_DEFAULT_PORT,
  toOperationError,
} from '../aws/aws-access.ts';
import type { CommandContext } from '../cli/context.ts';
import { addDeployFlags, toParameters } from '../stack/deploy-flags.ts';
import { openDevAgent } from '../dev/dev-agent.ts';
import {
  type DevAuthFlags,
  issueDevToken,
  withLocalAuthorizer,
  withLocalPool,
} from '../dev/dev-auth.ts';
import { childEnvironment, type DevStack } from '../dev/dev-environment.ts';
import {
  type Agent,
  type Emulator,
  type EmulatorEvent,
  type Fault,
  formatFault,
  startEmulator,
} from '../emulator/index.ts';
import { endpointHeaders, endpointUrl, idleLimitOf } from '../endpoint/endpoint.ts';
import { tokenHeaderOf } from '../endpoint/endpoint-auth.ts';
import { AbortError, OperationError } from '../cli/errors.ts';
import { EXIT } from '../cli/exit-codes.ts';
import { addFaultFlag } from '../dev/fault-flag.ts';
import { parseInteger, readStackName, type StackFlags } from '../cli/options.ts';
import { parseAgentRuntimeArn } from '../aws/agent-runtime-arn.ts';
import { readApiKey } from '../aws/api-key.ts';
import { deployStack } from '../stack/deploy-stack.ts';
import { SETTINGS } from '../stack/settings/settings.ts';
import { createTemplateRenderer } from '../stack/template-renderer.ts';
import { createDevReporter, type DevReporter } from '../dev/dev-reporter.ts';
import { runChild } from '../ui/run-child.ts';
import { createStackReporter } from '../stack/report/stack-reporter.ts';
import type { Terminal } from '../ui/terminal.ts';

interface Flags extends DevAuthFlags, Pick<StackFlags, 'stackName' | 'region' | 'json'> {
  readonly agent: string;
  readonly agentArn?: string;
  readonly port: number;
  readonly exec?: string;
  readonly deploy: boolean;
  readonly timeScale: number;
  readonly fault?: readonly Fault[];
}

const DEFAULT_REGION = 'us-east-1';
const DEFAULT_RUNTIME_ID = 'dev_agent-0000000000';
const DEFAULT_ACCOUNT_ID = '000000000000';

/** At more, the 30 seconds of an edge-optimised endpoint would be less than a tenth of one. */
const MAX_TIME_SCALE = 300;

const EXAMPLES = `
Examples:
  agentstream dev                                    # a story teller behind the real handler and template
  agentstream dev --agent http://127.0.0.1:8080      # your own agent (AgentCore container contract)
  agentstream dev --agent session.ndjson             # plays back what --record has written
  agentstream dev --exec 'agentstream invoke "hi"'   # runs a command against it; exits with its status
  agentstream dev --time-scale 60 --fault stall:20s  # a silence of 20 s, where 5 s of it end a stream: heartbeats prevent that
  agentstream dev --time-scale 60 --fault stall:20s --heartbeat 0 --exec 'agentstream invoke hi'   # ... and without them
  agentstream dev --auth cognito --user-id-from sub --exec 'agentstream invoke hi'   # a local user pool, and a token of it
  agentstream dev --fault cut:3@20% --fault throttle@5%

While it runs, any AWS SDK or CLI reaches it by AWS_ENDPOINT_URL, and agentstream by --local.
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .option(
      '--agent <kind>',
      'what runs behind AgentCore: story, echo, the URL of your agent, or a recording (FILE.ndjson)',
      'story',
    )
    .option('--agent-arn <arn>', 'the ARN that it has (default: made up)')
    .option(
      '--port <port>',
      'port to listen on, 0 for any',
      parseInteger('--port', 0, 65_535),
      DEV_DEFAULT_PORT,
    )
    .option('--authorizer <file>', 'your Lambda authorizer (TypeScript) for --auth lambda')
    .option('--exec <command>', 'run a shell command against the stack, then stop')
    .option('--no-deploy', 'start the emulator only; deploy yourself with --local')
    .option(
      '--time-scale <factor>',
      'reach limits on waiting so many times sooner, with heartbeats to match: 60 makes 5 minutes 5 s',
      parseInteger('--time-scale', 1, MAX_TIME_SCALE),
      1,
    )
    .option('--stack-name <name>', 'name of the stack (env: AGENTSTREAM_STACK_NAME)')
    .option('--region <region>', 'AWS Region to play (env: AWS_REGION)')
    .option('--json', 'print JSON lines');
  addFaultFlag(addDeployFlags(command))
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => dev(flags, context));
}

async function dev(given: Flags, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const stackName = readStackName(given, terminal.env);
  const region =
    given.region ??
    terminal.env['AWS_REGION'] ??
    terminal.env['AWS_DEFAULT_REGION'] ??
    DEFAULT_REGION;
  const flags = withLocalPool(given, region, DEFAULT_ACCOUNT_ID);
  const agentArn = parseAgentRuntimeArn(
    flags.agentArn ??
      `arn:aws:bedrock-agentcore:${region}:${DEFAULT_ACCOUNT_ID}:runtime/${DEFAULT_RUNTIME_ID}`,
  ).arn;
  const agent = await openDevAgent(flags.agent, signal);
  const reporter = createDevReporter(terminal, {
    json: flags.json === true,
    quiet: flags.exec !== undefined,
  });
  const emulator = await start(flags, new Map([[agentArn, agent]]), (event) =>
    reporter.event(event),
  );
  const { timeScale } = flags;
  const access: AwsAccess = {
    region,
    endpointUrl: emulator.url,
    credentials: DEV_CREDENTIALS,
    ...(timeScale > 1 && { timeScale }),
  };
  try {
    const stack = flags.deploy
      ? {
          ...(await deploy(flags, context, stackName, agentArn, access)),
          token: await issueDevToken(flags, emulator),
        }
      : undefined;
    reporter.ready({
      emulatorUrl: emulator.url,
      region,
      agent: flags.agent,
      agentArn,
      stackName,
      ...stack,
      ...(timeScale > 1 && { timeScale }),
      ...(flags.fault && { faults: flags.fault.map(formatFault) }),
    });
    if (flags.exec !== undefined) {
      await runCommand(
        flags.exec,
        terminal,
        signal,
        childEnvironment(access, stackName, agentArn, stack),
        reporter,
      );
    } else {
      await untilAborted(signal);
    }
  } finally {
    await emulator.close();
  }
}

async function start(
  { port, timeScale, userPoolArn, wafAclArn, fault: faults = [] }: Flags,
  agents: ReadonlyMap<string, Agent>,
  onEvent: (event: EmulatorEvent) => void,
): Promise<Emulator> {
  try {
    const credentials = DEV_CREDENTIALS;
    const userPools = userPoolArn === undefined ? [] : [userPoolArn];
    return await startEmulator({
      port,
      agents,
      credentials,
      userPools,
      webAcls: wafAclArn ? [wafAclArn] : [],
      // An account that is ready for --access-log.
      cloudWatchRoleArn: `arn:aws:iam::${DEFAULT_ACCOUNT_ID}:role/api-gateway-logs`,
      timeScale,
      faults,
      onEvent,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new OperationError(
        'PORT_IN_USE',
        `port ${port} is in use, perhaps by another agentstream dev`,
        {
          hint: 'stop it, or choose another: --port 0 takes any free one',
          cause: error,
        },
      );
    }
    throw error;
  }
}

/** The same deploy as against AWS: only the endpoint URL differs. */
async function deploy(
  flags: Flags,
  { terminal, signal }: CommandContext,
  stackName: string,
  agentArn: string,
  access: AwsAccess,
): Promise<Omit<DevStack, 'token'>> {
  const reporter = await createStackReporter(terminal, { json: flags.json === true, brief: true });
  const client = new CloudFormationClient(clientConfig(access));
  const apiGateway = new APIGatewayClient(clientConfig(access));
  try {
    const renderer = await createTemplateRenderer();
    const complete = await withLocalAuthorizer(flags, access, signal);
    const { stack } = await deployStack(client, {
      stackName,
      parameters: toParameters(withScaledHeartbeat(complete), agentArn),
      renderTemplate: renderer.render,
      onEvent: (event) => reporter.report(event),
      signal,
    });
    const keyId = stack.outputs['ApiKeyId'];
    return {
      url: endpointUrl(stack, access),
      apiKey: keyId && (await readApiKey(apiGateway, keyId)),
      authMode: stack.outputs['AuthMode'] ?? 'none',
      // A user pool's is always `Authorization`.
      tokenHeader: flags.auth === 'lambda' ? tokenHeaderOf(stack) : undefined,
      headers: endpointHeaders(stack, access),
      idleLimitMs: idleLimitOf(stack, access),
    };
  } catch (error) {
    throw toOperationError(error, access);
  } finally {
    reporter.done();
    client.destroy();
    apiGateway.destroy();
  }
}

/** A heartbeat that was not given by hand stays in its relation to the limits. */
function withScaledHeartbeat(flags: Flags): Flags {
  const { heartbeat, timeScale } = flags;
  if (heartbeat !== undefined || timeScale === 1) return flags;
  const defaultMs = Number(SETTINGS.HeartbeatMs.default);
  return { ...flags, heartbeat: String(Math.round(defaultMs / timeScale)) };
}

/** Runs the command of `--exec`; its failure is ours, with its own status. */
async function runCommand(
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
  env: Record<string, string | undefined>,
  reporter: DevReporter,
): Promise<void> {
  const status = await runChild(command, terminal, env, signal);
  reporter.finished(status);
  if (signal.aborted) throw new AbortError();
  if (status !== EXIT.ok) throw new ExecFailure(command, status);
}

/** The command of `--exec` has failed. */
class ExecFailure extends OperationError {
  override readonly exitCode: number;

  constructor(command: string, status: number) {
    super('EXEC_FAILED', `the command exited with status ${status}: ${command}`);
    this.exitCode = status;
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
