import { arn, type Place } from '../kernel/place.ts';
import type { Agent, RuntimeAddress, RuntimeSettings } from './agent.ts';
import type { AgentCoreLimits } from './limits.ts';
import { notFound, invalidField } from './errors.ts';

/** Runtimes of the emulator have one version, created when the emulator starts. */
const VERSION = '1';

/** GetAgentRuntime. By default a runtime is ready, speaks HTTP and accepts SigV4 (no authorizer configuration). */
export function runtimeJson(
  runtimeArn: string,
  createdAt: Date,
  place: Place,
  limits: AgentCoreLimits,
  settings: RuntimeSettings = {},
): object {
  const { status, failureReason, serverProtocol = 'HTTP', requireMMDSV2 = true, customJWTAuthorizer } = settings;
  return {
    ...runtimeSummaryJson(runtimeArn, createdAt),
    ...(status && { status, failureReason }),
    ...(customJWTAuthorizer && { authorizerConfiguration: { customJWTAuthorizer } }),
    createdAt: createdAt.toISOString(),
    roleArn: arn({ ...place, region: '' }, 'iam', `role/${runtimeName(runtimeArn)}`),
    networkConfiguration: { networkMode: 'PUBLIC' },
    protocolConfiguration: { serverProtocol },
    metadataConfiguration: { requireMMDSV2 },
    lifecycleConfiguration: {
      // As configured, like the timeouts of a function: AWS has no scale of time.
      idleRuntimeSessionTimeout: Math.round((limits.idleSessionMs * limits.timeScale) / 1_000),
      maxLifetime: Math.round((limits.sessionLifetimeMs * limits.timeScale) / 1_000),
    },
  };
}

/** An item of ListAgentRuntimes. */
export function runtimeSummaryJson(runtimeArn: string, createdAt: Date): object {
  return {
    agentRuntimeArn: runtimeArn,
    agentRuntimeId: runtimeId(runtimeArn),
    agentRuntimeName: runtimeName(runtimeArn),
    agentRuntimeVersion: VERSION,
    description: 'local agent',
    lastUpdatedAt: createdAt.toISOString(),
    status: 'READY',
  };
}

/** An item of ListAgentRuntimeEndpoints. */
export function endpointJson(runtimeArn: string, name: string, createdAt: Date): object {
  return {
    name,
    id: name,
    liveVersion: VERSION,
    targetVersion: VERSION,
    agentRuntimeEndpointArn: endpointArnOf(runtimeArn, name),
    agentRuntimeArn: runtimeArn,
    status: 'READY',
    createdAt: createdAt.toISOString(),
    lastUpdatedAt: createdAt.toISOString(),
  };
}

/** `arn:...:runtime/{id}`. */
export function runtimeId(runtimeArn: string): string {
  return runtimeArn.slice(runtimeArn.indexOf('runtime/') + 'runtime/'.length);
}

/** A runtime id is its name, a dash and ten characters. */
function runtimeName(runtimeArn: string): string {
  return runtimeId(runtimeArn).replace(/-[a-zA-Z0-9]{10}$/, '');
}

/** The agents of a Region, by runtime ARN. */
export type AgentsByArn = ReadonlyMap<string, Agent>;

/** The endpoint that every runtime has. */
const DEFAULT_ENDPOINT = 'DEFAULT';

/** From path and query: a full ARN, or a bare runtime id with `accountId`. @throws {AwsError} ValidationException without */
export function readRuntimeAddress(arnOrId: string, query: URLSearchParams, place: Place): RuntimeAddress {
  const accountId = query.get('accountId');
  if (!arnOrId.startsWith('arn:') && accountId === null)
    throw invalidField('accountId', 'accountId is required when agentRuntimeArn is not an ARN');
  const runtimeArn = arnOrId.startsWith('arn:')
    ? arnOrId
    : arn({ ...place, accountId: accountId ?? '' }, 'bedrock-agentcore', `runtime/${arnOrId}`);
  const qualifier = query.get('qualifier') ?? DEFAULT_ENDPOINT;
  return { runtimeArn, qualifier, endpointArn: endpointArnOf(runtimeArn, qualifier) };
}

/** API model and service authorization reference: `{runtime ARN}/runtime-endpoint/{name}`. */
function endpointArnOf(runtimeArn: string, qualifier: string): string {
  return `${runtimeArn}/runtime-endpoint/${qualifier}`;
}

/** @throws {AwsError} ResourceNotFoundException when there is no such runtime or endpoint */
export function findAgent(agents: AgentsByArn, address: RuntimeAddress): Agent {
  const agent = agents.get(address.runtimeArn);
  if (!agent || !endpointNames(agent).includes(address.qualifier))
    throw notFound(`No endpoint or agent found with qualifier '${address.qualifier}' for agent '${address.runtimeArn}'`);
  return agent;
}

/** The endpoints of an agent's runtime: the default one and those of its settings. */
export function endpointNames({ runtime }: Pick<Agent, 'runtime'>): readonly string[] {
  return [DEFAULT_ENDPOINT, ...(runtime?.endpoints ?? [])];
}
