import { once } from 'node:events';
import { AwsError } from '../kernel/aws-error.ts';
import type { AwsRequest } from '../kernel/service.ts';
import { agentError, runtimeClientError } from './errors.ts';
import type { Agent, AgentReply, RuntimeAddress } from './agent.ts';
import type { AgentCoreLimits } from './limits.ts';
import type { SessionUse } from './store.ts';

/** A call that has passed authorization and quotas. */
export interface AgentCall {
  readonly request: AwsRequest;
  readonly address: RuntimeAddress;
  readonly sessionId: string;
  readonly use: SessionUse;
  /** Stops the agent. */
  readonly signal: AbortSignal;
  readonly limits: Pick<AgentCoreLimits, 'requestTimeoutMs' | 'passMediaTypes'>;
}

/** Waits for the microVM and the beginning of the answer. @throws {AwsError} RuntimeClientError (424); 504 when it takes too long */
export async function askAgent(agent: Agent, call: AgentCall): Promise<AgentReply> {
  const { use, limits, address } = call;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limits.requestTimeoutMs);
  try {
    const reply = await Promise.race([
      begin(agent, call, AbortSignal.any([call.signal, late.signal])),
      // Developer guide, "HTTP protocol contract": 504 when the container does not answer in time.
      once(late.signal, 'abort').then(() => Promise.reject(agentError(504, address))),
    ]);
    if (use.signal.aborted) throw sessionStopped();
    if (reply.status >= 200 && reply.status < 300) return reply;
    void discard(reply.body);
    throw runtimeClientError(
      `Received error (${reply.status}) from runtime. Please check your CloudWatch logs for more information.`,
    );
  } finally {
    clearTimeout(timer);
  }
}

async function begin(agent: Agent, { request, sessionId, use, limits }: AgentCall, signal: AbortSignal): Promise<AgentReply> {
  await use.started;
  if (use.signal.aborted) throw sessionStopped();
  const { headers } = request;
  const { passMediaTypes } = limits;
  try {
    return await agent.invoke({
      payload: request.body,
      contentType: passMediaTypes ? (headers['content-type'] ?? 'application/octet-stream') : 'application/json',
      accept: passMediaTypes ? (headers.accept ?? '') : 'application/json',
      sessionId,
      signal,
      headers: { 'x-amzn-bedrock-agentcore-runtime-request-id': request.requestId, ...containerHeaders(request) },
    });
  } catch (error) {
    // An agent may simulate any error of the service by throwing it.
    if (error instanceof AwsError) throw error;
    if (use.signal.aborted) throw sessionStopped();
    throw runtimeClientError(
      'An error occurred when starting the runtime. Please check your CloudWatch logs for more information.',
    );
  }
}

/** Answer to an invocation whose session is stopped before the agent has answered; AWS does not document it. */
function sessionStopped(): AwsError {
  return runtimeClientError('The runtime session was stopped.');
}

/** Reads an unwanted answer to its end, which frees its connection. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of body);
  } catch {
    // Its connection is free as well.
  }
}

export const USER_ID_HEADER = 'x-amzn-bedrock-agentcore-runtime-user-id';

/** Headers that reach the container; all but the user id also come back (API model of InvokeAgentRuntime). */
const CONTAINER_HEADERS = [USER_ID_HEADER, 'x-amzn-trace-id', 'traceparent', 'tracestate', 'baggage'];

/** The headers of a call that reach the agent, by lower-case name. */
export function containerHeaders({ headers }: AwsRequest): Readonly<Record<string, string>> {
  const given = CONTAINER_HEADERS.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(given.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
