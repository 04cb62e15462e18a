import type { BedrockAgentCoreControlClient, GetAgentRuntimeCommandOutput } from '@aws-sdk/client-bedrock-agentcore-control';
import { type AgentRuntimeArn, parseAgentRuntimeArn, redactArns } from '../aws/arns.ts';
import { type AwsAccess, clientConfig } from '../aws/aws-access.ts';
import type { ErrorCode } from '../cli/error-codes.ts';
import { UsageError } from '../cli/errors.ts';
import { type Hint, hint } from '../cli/hint.ts';
import type { Check } from './check.ts';

const NAME = 'agent-runtime';
const CONTROL = ['aws', 'bedrock-agentcore-control'];

/** Protocols whose requests and answers pass through InvokeAgentRuntime as this chain sends them. */
const PROTOCOLS = new Set(['HTTP', 'AGUI']);

/**
 * Whether the function can call the agent: it exists, is ready, speaks HTTP, takes SigV4 and has MMDSv2.
 * @param arn that was given, else the stack's
 * @param region of the stack
 */
export async function* checkAgent(arn: string | undefined, access: AwsAccess, region: string): AsyncGenerator<Check, undefined> {
  if (arn === undefined) {
    yield {
      name: NAME,
      status: 'note',
      text: 'no agent was given, so none was checked',
      hint: hint`${['agentstream', 'doctor', '--agent-arn', 'ARN']}`,
    };
    return undefined;
  }
  let agent: AgentRuntimeArn;
  try {
    agent = parseAgentRuntimeArn(arn);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    yield { name: NAME, status: 'failed', text: error.message, hint: error.hint };
    return undefined;
  }
  yield* await checkAgentRuntime(agent, access);
  if (agent.region !== region) {
    const beside = ['agentstream', 'deploy', '--region', agent.region, '--agent-arn', 'ARN'];
    yield {
      name: 'agent-region',
      status: 'warning',
      text: `the agent is in ${agent.region}, the stack in ${region}: every turn crosses Regions`,
      hint: hint`a stack beside it: ${beside}`,
    };
  }
  return undefined;
}

/**
 * Whether the function will be able to call the agent: GetAgentRuntime tells all of it. A caller who may not ask gets a note.
 * @returns one check, or several when several things are wrong
 */
export async function checkAgentRuntime(agent: AgentRuntimeArn, access: AwsAccess): Promise<Check[]> {
  // 20 ms of loading that only a deploy with an agent needs.
  const sdk = await import('@aws-sdk/client-bedrock-agentcore-control');
  const client = new sdk.BedrockAgentCoreControlClient({ ...clientConfig(access), region: agent.region });
  try {
    const runtime = await client.send(new sdk.GetAgentRuntimeCommand({ agentRuntimeId: agent.runtimeId }));
    return judge(agent, runtime);
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'ResourceNotFoundException' && !(await isForeign(agent, client))) {
      return [notFound(agent)];
    }
    const reason = name === 'ResourceNotFoundException' ? 'it is in another account' : message;
    return [note(`the agent could not be checked: ${redactArns(reason)}`)];
  } finally {
    client.destroy();
  }
}

function judge({ runtimeId, region }: AgentRuntimeArn, runtime: GetAgentRuntimeCommandOutput): Check[] {
  const { status, failureReason, protocolConfiguration, authorizerConfiguration } = runtime;
  const protocol = protocolConfiguration?.serverProtocol ?? 'HTTP';
  const requiresMmds = runtime.metadataConfiguration?.requireMMDSV2;
  const found: Check[] = [];
  if (status !== 'READY') {
    const why = failureReason ? `: ${redactArns(failureReason)}` : '';
    const show = [...CONTROL, 'get-agent-runtime', '--region', region];
    found.push(
      failed(
        'AGENT_NOT_READY',
        `the agent ${runtimeId} is ${status ?? 'in no state'}${why}`,
        hint`wait until it is READY, or mend it: ${[...show, '--agent-runtime-id', runtimeId]}`,
      ),
    );
  }
  if (!PROTOCOLS.has(protocol)) {
    found.push(
      failed(
        'AGENT_PROTOCOL',
        `the agent ${runtimeId} speaks ${protocol}, and the API speaks HTTP`,
        'give a runtime whose serverProtocol is HTTP',
      ),
    );
  }
  if (authorizerConfiguration?.customJWTAuthorizer) {
    found.push(
      failed(
        'AGENT_TAKES_JWT',
        `the agent ${runtimeId} takes JWT tokens only, and the function signs with SigV4`,
        'a runtime takes one or the other: give one without an authorizer configuration',
      ),
    );
  }
  // Developer guide of AgentCore, runtime-troubleshooting: since 30 June 2026 runtimes without it refuse every call.
  if (requiresMmds === false) {
    found.push(
      failed(
        'AGENT_WITHOUT_MMDSV2',
        `the agent ${runtimeId} does not require MMDSv2, so AgentCore refuses to call it`,
        'update it with --metadata-configuration requireMMDSV2=true',
      ),
    );
  } else if (requiresMmds === undefined) {
    found.push(note(`whether the agent ${runtimeId} requires MMDSv2 is not told; it has to`));
  }
  const ok: Check = { name: NAME, status: 'ok', text: `the agent ${runtimeId} in ${region} is ready` };
  return found.some((check) => check.status === 'failed') ? found : [ok, ...found];
}

/** The lookup goes by id, within the caller's own account: an agent of another account is not found. */
async function isForeign({ accountId }: AgentRuntimeArn, client: BedrockAgentCoreControlClient): Promise<boolean> {
  const credentials = await client.config.credentials();
  return credentials.accountId !== undefined && credentials.accountId !== accountId;
}

function notFound({ runtimeId, region }: AgentRuntimeArn): Check {
  return failed(
    'AGENT_NOT_FOUND',
    `there is no AgentCore runtime ${runtimeId} in ${region}`,
    hint`list yours with: ${[...CONTROL, 'list-agent-runtimes', '--region', region]}; one of another account cannot be checked: --skip-preflight`,
  );
}

function failed(code: ErrorCode, text: string, cure: Hint): Check {
  return { name: NAME, status: 'failed', code, text, hint: cure };
}

function note(text: string): Check {
  return { name: NAME, status: 'note', text };
}
