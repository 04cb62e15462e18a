import { once } from 'node:events';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { type AwsAccess, withClients } from '../aws/aws-access.ts';
import { DEV_REGION } from '../aws/dev-address.ts';
import { type DevCredentials, keepDevCredentials, makeDevCredentials } from '../aws/dev-credentials.ts';
import { toOperationError } from '../aws/aws-errors.ts';
import { toParameters } from '../stack/deploy-flags.ts';
import { openDevAgent } from './dev-agent.ts';
import { type DevAuthFlags, issueDevToken, withLocalAuthorizer, withLocalPool } from './dev-auth.ts';
import { childEnvironment, runCommand } from './dev-exec.ts';
import {
  type Agent,
  type Emulator,
  type EmulatorEvent,
  type Fault,
  formatFault,
  InvalidFaultError,
  parseFault,
  startEmulator,
} from '../emulator/index.ts';
import { endpointOf } from '../endpoint/endpoint.ts';
import { hint, OperationError, UsageError } from '../cli/errors.ts';
import { DEFAULT_HEARTBEAT_MS } from '../protocol.ts';
import { type CommandContext, readStackName, type StackFlags } from '../cli/options.ts';
import { parseAgentRuntimeArn } from '../aws/arns.ts';
import { readApiKey } from '../endpoint/credentials.ts';
import { deployStack } from '../stack/deploy-stack.ts';
import { createTemplateRenderer } from '../stack/template-renderer.ts';
import { createDevReporter, type DevStack } from './dev-reporter.ts';
import type { DevEvent } from './request-lines.ts';
import { createStackReporter } from '../stack/report/stack-reporter.ts';

interface DevFlags extends DevAuthFlags, Pick<StackFlags, 'stackName' | 'region' | 'json'> {
  readonly agent: string;
  readonly agentArn?: string;
  readonly port: number;
  readonly exec?: string;
  readonly verbose?: boolean;
  readonly deploy: boolean;
  readonly anyCredentials?: boolean;
  readonly timeScale: number;
  /** As they were written. */
  readonly fault?: readonly string[];
}

/** A script has started its agent a moment ago, or never will. */
const EXEC_WAIT_MS = 30_000;
const ANY_CREDENTIALS =
  'warning: --any-credentials: every program and every user of this machine can deploy functions here, which run as you\n';
const DEFAULT_RUNTIME_ID = 'dev_agent-0000000000';
const DEFAULT_ACCOUNT_ID = '000000000000';

/**
 * Runs the whole chain on this machine: the emulator, an agent behind it and, unless told otherwise, the stack. Returns when the command
 * of `--exec` has ended or the signal is aborted.
 * @throws {UsageError} INVALID_FAULT, INVALID_AGENT, AUTHORIZER_NEEDED, CONFLICTING_FLAGS and others of the deploy
 * @throws {OperationError} PORT_IN_USE, AGENT_UNREACHABLE, EXEC_FAILED with the command's status
 */
export async function runDev(given: DevFlags, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const stackName = readStackName(given, terminal.env);
  const region = given.region ?? terminal.env['AWS_REGION'] ?? terminal.env['AWS_DEFAULT_REGION'] ?? DEV_REGION;
  const faults = (given.fault ?? []).map(readFault);
  const flags = withLocalPool(given, region, DEFAULT_ACCOUNT_ID);
  const agentArn = parseAgentRuntimeArn(
    flags.agentArn ?? `arn:aws:bedrock-agentcore:${region}:${DEFAULT_ACCOUNT_ID}:runtime/${DEFAULT_RUNTIME_ID}`,
  ).arn;
  const reporter = createDevReporter(terminal, {
    json: flags.json === true,
    quiet: flags.exec !== undefined,
    verbose: flags.verbose === true,
  });
  const onEvent = (event: DevEvent): void => reporter.event(event);
  const waitMs = flags.exec === undefined ? undefined : EXEC_WAIT_MS;
  const agent = await openDevAgent(flags.agent, signal, { terminal, onEvent, ...(waitMs && { waitMs }) });
  const credentials = makeDevCredentials();
  const emulator = await start(flags, credentials, faults, new Map([[agentArn, agent]]), onEvent).catch(
    async (error: unknown) => {
      await agent.close?.();
      throw error;
    },
  );
  const { timeScale } = flags;
  const access: AwsAccess = {
    region,
    endpointUrl: emulator.url,
    isLocal: true,
    credentials,
    ...(timeScale > 1 && { timeScale }),
  };
  if (flags.anyCredentials) terminal.stderr.write(ANY_CREDENTIALS);
  const forgetCredentials = keepDevCredentials(emulator.url, credentials, terminal.env);
  try {
    const stack = flags.deploy
      ? { ...(await deploy(flags, context, stackName, agentArn, access)), token: await issueDevToken(flags, emulator) }
      : undefined;
    reporter.ready({
      emulatorUrl: emulator.url,
      region,
      credentials,
      agent: flags.agent,
      agentArn,
      stackName,
      ...stack,
      ...(timeScale > 1 && { timeScale }),
      ...(faults.length > 0 && { faults: faults.map(formatFault) }),
    });
    if (flags.exec !== undefined)
      await runCommand(flags.exec, terminal, signal, childEnvironment(access, stackName, agentArn, stack), reporter);
    else if (!signal.aborted) await once(signal, 'abort');
  } finally {
    forgetCredentials();
    await agent.close?.();
    await emulator.close();
  }
}

async function start(
  { port, timeScale, userPoolArn, wafAclArn, anyCredentials }: DevFlags,
  credentials: DevCredentials,
  faults: readonly Fault[],
  agents: ReadonlyMap<string, Agent>,
  onEvent: (event: EmulatorEvent) => void,
): Promise<Emulator> {
  try {
    const userPools = userPoolArn === undefined ? [] : [userPoolArn];
    return await startEmulator({
      port,
      agents,
      credentials,
      unknownKeys: anyCredentials ? 'accept' : 'refuse',
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
      throw new OperationError('PORT_IN_USE', `port ${port} is in use, perhaps by another agentstream dev`, {
        hint: 'stop it, or choose another: --port 0 takes any free one',
        cause: error,
      });
    }
    throw error;
  }
}

/** The same deploy as against AWS: only the endpoint URL differs. */
async function deploy(
  flags: DevFlags,
  { terminal, signal }: CommandContext,
  stackName: string,
  agentArn: string,
  access: AwsAccess,
): Promise<Omit<DevStack, 'token'>> {
  const reporter = await createStackReporter(terminal, { json: flags.json === true, brief: true });
  try {
    const renderer = await createTemplateRenderer();
    const complete = await withLocalAuthorizer(flags, access, signal);
    return await withClients(access, [CloudFormationClient, APIGatewayClient], async (client, apiGateway) => {
      const { stack } = await deployStack(client, {
        stackName,
        parameters: toParameters(withScaledHeartbeat(complete), agentArn),
        renderTemplate: renderer.render,
        onEvent: (event) => reporter.report(event),
        signal,
      });
      const keyId = stack.outputs['ApiKeyId'];
      const { url, auth, headers, idleLimitMs } = endpointOf(stack, access);
      return {
        url,
        apiKey: keyId && (await readApiKey(apiGateway, keyId)),
        authMode: stack.outputs['AuthMode'] ?? 'none',
        tokenHeader: auth.type === 'bearer' ? auth.header : undefined,
        headers,
        idleLimitMs,
      };
    });
  } catch (error) {
    throw toOperationError(error, access);
  } finally {
    reporter.done();
  }
}

/** A heartbeat that was not given by hand stays in its relation to the limits. */
function withScaledHeartbeat(flags: DevFlags): DevFlags {
  const { heartbeat, timeScale } = flags;
  if (heartbeat !== undefined || timeScale === 1) return flags;
  return { ...flags, heartbeat: String(Math.round(DEFAULT_HEARTBEAT_MS / timeScale)) };
}

/** @throws {UsageError} INVALID_FAULT, which lists the kinds */
function readFault(text: string): Fault {
  try {
    return parseFault(text);
  } catch (error) {
    if (!(error instanceof InvalidFaultError)) throw error;
    throw new UsageError('INVALID_FAULT', error.message, {
      hint: hint`${['agentstream', 'dev', '--help']} says what each kind does`,
    });
  }
}
