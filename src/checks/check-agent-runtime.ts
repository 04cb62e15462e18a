import type {
  BedrockAgentCoreControlClient,
  GetAgentRuntimeCommandOutput,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { type AwsAccess, clientConfig } from '../aws/aws-access.ts';
import type { AgentRuntimeArn } from '../aws/agent-runtime-arn.ts';
import type { ErrorCode } from '../cli/error-codes.ts';
import type { CheckResult } from '../stack/check-result.ts';
import { redactArns } from '../aws/redact-arns.ts';

const CHECK = 'agent-runtime';

/** Protocols whose requests and answers pass through InvokeAgentRuntime as this chain sends them. */
const PROTOCOLS = new Set(['HTTP', 'AGUI']);

/**
 * Whether the function will be able to call the agent: GetAgentRuntime tells all of it. What may not be asked is no failure.
 * @returns one result, or several when several things are wrong
 */
export async function checkAgentRuntime(
  agent: AgentRuntimeArn,
  access: AwsAccess,
): Promise<CheckResult[]> {
  // 20 ms of loading that only a deploy with an agent needs.
  const sdk = await import('@aws-sdk/client-bedrock-agentcore-control');
  const client = new sdk.BedrockAgentCoreControlClient({
    ...clientConfig(access),
    region: agent.region,
  });
  try {
    const runtime = await client.send(
      new sdk.GetAgentRuntimeCommand({ agentRuntimeId: agent.runtimeId }),
    );
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

function judge(
  { runtimeId, region }: AgentRuntimeArn,
  runtime: GetAgentRuntimeCommandOutput,
): CheckResult[] {
  const { status, failureReason, protocolConfiguration, authorizerConfiguration } = runtime;
  const protocol = protocolConfiguration?.serverProtocol ?? 'HTTP';
  const requiresMmds = runtime.metadataConfiguration?.requireMMDSV2;
  const found: CheckResult[] = [];
  if (status !== 'READY') {
    const why = failureReason ? `: ${redactArns(failureReason)}` : '';
    found.push(
      failed(
        'AGENT_NOT_READY',
        `the agent ${runtimeId} is ${status ?? 'in no state'}${why}`,
        'wait until it is READY, or mend it: aws bedrock-agentcore-control get-agent-runtime',
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
  const ok: CheckResult = {
    check: CHECK,
    status: 'ok',
    text: `the agent ${runtimeId} in ${region} is ready`,
  };
  return found.some((result) => result.status === 'failed') ? found : [ok, ...found];
}

/** The lookup goes by id, within the caller's own account: an agent of another account is simply not found. */
async function isForeign(
  { accountId }: AgentRuntimeArn,
  client: BedrockAgentCoreControlClient,
): Promise<boolean> {
  const credentials = await client.config.credentials();
  return credentials.accountId !== undefined && credentials.accountId !== accountId;
}

function notFound({ runtimeId, region }: AgentRuntimeArn): CheckResult {
  return failed(
    'AGENT_NOT_FOUND',
    `there is no AgentCore runtime ${runtimeId} in ${region}`,
    'list yours with: aws bedrock-agentcore-control list-agent-runtimes; one of another account cannot be checked: --skip-preflight',
  );
}

function failed(code: ErrorCode, text: string, hint: string): CheckResult {
  return { check: CHECK, status: 'failed', code, text, hint };
}

function note(text: string): CheckResult {
  return { check: CHECK, status: 'note', text };
}
