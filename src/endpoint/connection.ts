import { parseAgentRuntimeArn } from '../aws/arns.ts';
import type { AwsAccess } from '../aws/aws-access.ts';
import { AGENT_STREAM_LIMIT_MS, scaleLengthLimit, STREAM_LIMIT_MS } from '../aws/limits.ts';
import { UsageError } from '../cli/errors.ts';
import type { Hop } from '../stream/stream-part.ts';
import type { StreamLimits } from '../stream/outcome.ts';
import type { Credentials } from './authorize.ts';
import { readCredentials } from './credentials.ts';
import { type Endpoint, type EndpointQuery, resolveEndpoint } from './endpoint.ts';
import type { Transport } from './transport.ts';
import type { TurnTimeouts } from './turn-timers.ts';

/** A resolved endpoint with its credentials: connections are opened from it without asking AWS again. */
export interface ConnectionTarget {
  readonly endpoint: Endpoint;
  /** Undefined when no turn goes through API Gateway. */
  readonly credentials: Credentials | undefined;
}

/** An open connection to a hop. */
export interface Connection {
  readonly transport: Transport;
  /** Undefined when there is no idle limit, or none is known. */
  readonly idleLimitMs: number | undefined;
  /** Longest stream. AWS's unless given. */
  readonly streamLimitMs?: number;
  close(): Promise<void>;
}

/** Opens a connection to another hop of the same endpoint. */
export type OpenConnection = (hop: Hop) => Promise<Connection>;

/**
 * Resolves an endpoint once for all connections to these hops: the stack is looked up, and its key is read when a hop needs it.
 * @throws {UsageError} HOP_NEEDS_STACK when only a URL is known; INVALID_URL, MISSING_TOKEN
 * @throws {OperationError} STACK_NOT_FOUND, STACK_NOT_READY, or what AWS said
 */
export async function resolveTarget(query: EndpointQuery, access: AwsAccess, hops: readonly Hop[]): Promise<ConnectionTarget> {
  if (query.url !== undefined) for (const hop of hops) if (hop !== 'api') throw hopNeedsStack(hop);
  const endpoint = await resolveEndpoint(query, access);
  const credentials = hops.includes('api') ? await readCredentials(endpoint, query) : undefined;
  return { endpoint, credentials };
}

/** Opens any hop of an endpoint, which is resolved with the first; the credentials are read with the first turn that needs them. */
export function createOpener(query: EndpointQuery, access: AwsAccess) {
  let resolved: ConnectionTarget | undefined;
  /** The target that connections to this hop are opened from. */
  const target = async (hop: Hop): Promise<ConnectionTarget> => {
    resolved ??= await resolveTarget(query, access, [hop]);
    if (hop === 'api' && !resolved.credentials) {
      const { endpoint } = resolved;
      resolved = { endpoint, credentials: await readCredentials(endpoint, query) };
    }
    return resolved;
  };
  const open: OpenConnection = async (hop) => openConnection(hop, await target(hop));
  return { target, open };
}

type TimerOptions = { readonly timers?: TurnTimeouts };

/**
 * Opens a connection without asking the control plane. The SDK clients and undici are loaded when a hop needs them.
 * @throws {UsageError} HOP_NEEDS_STACK when only a URL is known
 * @throws {OperationError} TOKEN_COMMAND_FAILED, INVALID_TOKEN
 */
export async function openConnection(hop: Hop, target: ConnectionTarget, options: TimerOptions = {}): Promise<Connection> {
  const { endpoint, credentials = { type: 'none' } } = target;
  const transport =
    hop === 'api' ? await openApiGateway(endpoint, credentials, options) : await openBelow(hop, endpoint, options);
  return { transport, ...hopLimits(hop, endpoint), close: () => transport.close() };
}

/** The limits that a hop's streams are under, ms. */
export function hopLimits(hop: Hop, { idleLimitMs, access }: Endpoint) {
  const streamLimitMs = hop === 'agentcore' ? AGENT_STREAM_LIMIT_MS : STREAM_LIMIT_MS;
  return {
    idleLimitMs: hop === 'api' ? idleLimitMs : undefined,
    streamLimitMs: scaleLengthLimit(streamLimitMs, access.timeScale),
  };
}

/** The limits that a cut of this connection may stand for. */
export function limitsOf({ idleLimitMs, streamLimitMs = STREAM_LIMIT_MS }: Connection): StreamLimits {
  return { ...(idleLimitMs !== undefined && { idleLimitMs }), streamLimitMs };
}

async function openApiGateway({ url, headers, access }: Endpoint, auth: Credentials, options: TimerOptions): Promise<Transport> {
  const { createApiGatewayTransport } = await import('./api-gateway.ts');
  // Asks for the token now: a slow token command would delay the first turn.
  if (auth.type === 'bearer') await auth.token();
  return createApiGatewayTransport({ url, auth, headers }, { ...options, proxies: access.proxies });
}

async function openBelow(hop: Exclude<Hop, 'api'>, endpoint: Endpoint, options: TimerOptions): Promise<Transport> {
  const { access, stack, headers } = endpoint;
  if (!stack) throw hopNeedsStack(hop);
  if (hop === 'lambda') {
    const { createLambdaTransport } = await import('./lambda.ts');
    return createLambdaTransport({ access, functionName: stack.functionName, claims: stack.claims, headers }, options);
  }
  const { agentRuntimeArn, qualifier } = stack;
  const { region } = parseAgentRuntimeArn(agentRuntimeArn);
  const { createAgentCoreTransport } = await import('./agentcore.ts');
  return createAgentCoreTransport({ access: { ...access, region }, agentRuntimeArn, qualifier }, options);
}

function hopNeedsStack(hop: Hop): UsageError {
  return new UsageError('HOP_NEEDS_STACK', `the hop ${hop} cannot be reached by a URL`, {
    hint: 'leave --url (AGENTSTREAM_URL) out and name the stack: --stack-name',
  });
}
