import type { BedrockAgentCoreControlClient, GetAgentRuntimeCommandOutput } from '@aws-sdk/client-bedrock-agentcore-control';
import { type AgentRuntimeArn, parseAgentRuntimeArn, redactArns } from '../aws/arns.ts';
import { type AwsAccess, withClients } from '../aws/aws-access.ts';
import type { Stack } from '../aws/stack.ts';
import type { ErrorCode } from '../cli/error-codes.ts';
import { type Hint, hint, UsageError } from '../cli/errors.ts';
import { type Check, failed, note, ok, warning } from './check.ts';

const NAME = 'agent-runtime';
const CONTROL = ['aws', 'bedrock-agentcore-control'];

/** Protocols whose requests and answers pass through InvokeAgentRuntime as this chain sends them. */
const PROTOCOLS = new Set(['HTTP', 'AGUI']);

/**
 * Whether the function can call the agent: it exists, is ready, speaks HTTP, takes SigV4 and has MMDSv2.
 * @param arn that was given, else the stack's
 * @param region of the stack
 * @param accountId of the stack, as `checkAgentRuntime` takes it
 */
export async function* checkAgent(arn: string | undefined, access: AwsAccess, region: string, accountId?: string) {
  if (arn === undefined) {
    yield note(NAME, 'no agent was given, so none was checked', hint`${['agentstream', 'doctor', '--agent-arn', 'ARN']}`);
    return;
  }
  let agent: AgentRuntimeArn;
  try {
    agent = parseAgentRuntimeArn(arn);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    yield failed(NAME, error.message, error.hint);
    return;
  }
  yield* await checkAgentRuntime(agent, access, accountId);
  if (agent.region !== region) {
    const text = `the agent is in ${agent.region}, the stack in ${region}: every turn crosses Regions`;
    const beside = ['agentstream', 'deploy', '--region', agent.region, '--agent-arn', 'ARN'];
    yield warning('agent-region', text, hint`a stack beside it: ${beside}`);
  }
}

/**
 * Whether the function will be able to call the agent: GetAgentRuntime tells all of it. A caller who may not ask gets a note.
 * @param accountId the caller's account, where the credentials do not tell it: keys of the environment rarely do
 * @returns one check, or several when several things are wrong
 */
export async function checkAgentRuntime(agent: AgentRuntimeArn, access: AwsAccess, accountId?: string): Promise<Check[]> {
  // 20 ms of loading that only a deploy with an agent needs.
  const sdk = await import('@aws-sdk/client-bedrock-agentcore-control');
  return withClients({ ...access, region: agent.region }, [sdk.BedrockAgentCoreControlClient], async (client) => {
    try {
      return judge(agent, await client.send(new sdk.GetAgentRuntimeCommand({ agentRuntimeId: agent.runtimeId })));
    } catch (error) {
      const { name, message } = error as Error;
      const isMissing = name === 'ResourceNotFoundException';
      if (isMissing && !(await isForeign(agent, client, accountId))) return [notFound(agent)];
      return [note(NAME, `the agent could not be checked: ${isMissing ? 'it is in another account' : redactArns(message)}`)];
    }
  });
}

function judge({ runtimeId, region }: AgentRuntimeArn, runtime: GetAgentRuntimeCommandOutput): Check[] {
  const { status, failureReason, protocolConfiguration, authorizerConfiguration } = runtime;
  const protocol = protocolConfiguration?.serverProtocol ?? 'HTTP';
  const requiresMmds = runtime.metadataConfiguration?.requireMMDSV2;
  const why = failureReason ? `: ${redactArns(failureReason)}` : '';
  const show = [...CONTROL, 'get-agent-runtime', '--region', region, '--agent-runtime-id', runtimeId];
  const fault = (code: ErrorCode, predicate: string, cure: Hint): Check =>
    failed(NAME, `the agent ${runtimeId} ${predicate}`, cure, code);
  const notReady = hint`wait until it is READY, or mend it: ${show}`;
  const oneOrTheOther = 'a runtime takes one or the other: give one without an authorizer configuration';
  const update = 'update it with --metadata-configuration requireMMDSV2=true';
  const faults: readonly (false | Check)[] = [
    status !== 'READY' && fault('AGENT_NOT_READY', `is ${status ?? 'in no state'}${why}`, notReady),
    !PROTOCOLS.has(protocol) &&
      fault('AGENT_PROTOCOL', `speaks ${protocol}, and the API speaks HTTP`, 'give a runtime whose serverProtocol is HTTP'),
    authorizerConfiguration?.customJWTAuthorizer !== undefined &&
      fault('AGENT_TAKES_JWT', 'takes JWT tokens only, and the function signs with SigV4', oneOrTheOther),
    // Developer guide of AgentCore, runtime-troubleshooting: since 30 June 2026 runtimes without it refuse every call.
    requiresMmds === false && fault('AGENT_WITHOUT_MMDSV2', 'does not require MMDSv2, so AgentCore refuses to call it', update),
    requiresMmds === undefined && note(NAME, `whether the agent ${runtimeId} requires MMDSv2 is not told; it has to`),
  ];
  const found = faults.filter((fault) => fault !== false);
  const isReady = found.every((check) => check.status !== 'failed');
  return isReady ? [ok(NAME, `the agent ${runtimeId} in ${region} is ready`), ...found] : found;
}

/** The lookup goes by id, within the caller's own account: an agent of another account is not found. */
async function isForeign(agent: AgentRuntimeArn, client: BedrockAgentCoreControlClient, accountId?: string): Promise<boolean> {
  const own = accountId ?? (await client.config.credentials()).accountId;
  return own !== undefined && own !== agent.accountId;
}

/** The account of a stack, by its ARN. */
export function accountOf(stack: Pick<Stack, 'id'> | undefined): string | undefined {
  return stack?.id.split(':')[4];
}

function notFound({ runtimeId, region }: AgentRuntimeArn): Check {
  return failed(
    NAME,
    `there is no AgentCore runtime ${runtimeId} in ${region}`,
    hint`list yours with: ${[...CONTROL, 'list-agent-runtimes', '--region', region]}; one of another account cannot be checked: --skip-preflight, or AWS_ACCOUNT_ID tells yours`,
    'AGENT_NOT_FOUND',
  );
}
