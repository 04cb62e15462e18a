import { arn, type Place } from '../kernel/place.ts';
import type { Agent } from './agent.ts';
import { notFound, validationError } from './errors.ts';

/** The agents of a Region, by runtime ARN. */
export type AgentsByArn = ReadonlyMap<string, Agent>;

/** An endpoint of a runtime, before it is known to exist: permissions are checked first. */
export interface RuntimeAddress {
  readonly runtimeArn: string;
  /** Endpoint name. */
  readonly qualifier: string;
  readonly endpointArn: string;
}

/** The endpoint that every runtime has. */
export const DEFAULT_ENDPOINT = 'DEFAULT';

/**
 * Reads the path label and the query of an invocation: a full ARN, or a bare runtime id together with `accountId`.
 * @throws {AwsError} ValidationException for a bare id without `accountId`
 */
export function readRuntimeAddress(
  arnOrId: string,
  query: URLSearchParams,
  place: Place,
): RuntimeAddress {
  const accountId = query.get('accountId');
  if (!arnOrId.startsWith('arn:') && accountId === null) {
    throw validationError('accountId', 'accountId is required when agentRuntimeArn is not an ARN');
  }
  const runtimeArn = arnOrId.startsWith('arn:')
    ? arnOrId
    : arn({ ...place, accountId: accountId ?? '' }, 'bedrock-agentcore', `runtime/${arnOrId}`);
  const qualifier = query.get('qualifier') ?? DEFAULT_ENDPOINT;
  return { runtimeArn, qualifier, endpointArn: endpointArnOf(runtimeArn, qualifier) };
}

/** API model and service authorization reference: `{runtime ARN}/runtime-endpoint/{name}`. */
export function endpointArnOf(runtimeArn: string, qualifier: string): string {
  return `${runtimeArn}/runtime-endpoint/${qualifier}`;
}

/** @throws {AwsError} ResourceNotFoundException when there is no such runtime or endpoint */
export function findAgent(agents: AgentsByArn, address: RuntimeAddress): Agent {
  const agent = agents.get(address.runtimeArn);
  if (!agent || !endpointNames(agent).includes(address.qualifier)) {
    throw notFound(
      `No endpoint or agent found with qualifier '${address.qualifier}' for agent '${address.runtimeArn}'`,
    );
  }
  return agent;
}

/** The endpoints of an agent's runtime: the default one, and those that it is set to have. */
export function endpointNames({ runtime }: Pick<Agent, 'runtime'>): readonly string[] {
  return [DEFAULT_ENDPOINT, ...(runtime?.endpoints ?? [])];
}
