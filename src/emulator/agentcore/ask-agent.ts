import { AwsError } from '../kernel/aws-error.ts';
import type { AwsRequest } from '../kernel/aws-request.ts';
import { agentError } from '../faults/agent-error.ts';
import type { Agent, AgentReply } from './agent.ts';
import { containerHeaders } from './container-headers.ts';
import { runtimeClientError } from './errors.ts';
import type { RuntimeAddress } from './find-runtime.ts';
import type { AgentCoreLimits } from './limits.ts';
import type { SessionUse } from './sessions.ts';

/** One call, as far as it has been let in. */
export interface AgentCall {
  readonly request: AwsRequest;
  readonly address: RuntimeAddress;
  readonly sessionId: string;
  readonly use: SessionUse;
  /** Stops the agent. */
  readonly signal: AbortSignal;
  readonly limits: Pick<AgentCoreLimits, 'requestTimeoutMs' | 'passMediaTypes'>;
}

/**
 * Waits for the session's microVM and then for the beginning of the agent's answer.
 * @throws {AwsError} RuntimeClientError (424) when the agent fails or its session is stopped; 504 when it takes too long
 */
export async function askAgent(agent: Agent, call: AgentCall): Promise<AgentReply> {
  const { use, limits, address } = call;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limits.requestTimeoutMs);
  try {
    const reply = await Promise.race([
      begin(agent, call, AbortSignal.any([call.signal, late.signal])),
      // Developer guide, "HTTP protocol contract": 504 when the container does not answer in time.
      failed(late.signal, () => agentError(504, address)),
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

async function begin(
  agent: Agent,
  { request, sessionId, use, limits }: AgentCall,
  signal: AbortSignal,
): Promise<AgentReply> {
  await use.started;
  if (use.signal.aborted) throw sessionStopped();
  const { headers } = request;
  const { passMediaTypes } = limits;
  try {
    return await agent.invoke({
      payload: request.body,
      contentType: passMediaTypes
        ? (headers['content-type'] ?? 'application/octet-stream')
        : 'application/json',
      accept: passMediaTypes ? (headers.accept ?? '') : 'application/json',
      sessionId,
      signal,
      headers: {
        'x-amzn-bedrock-agentcore-runtime-request-id': request.requestId,
        ...containerHeaders(request),
      },
    });
  } catch (error) {
    // An agent may act out any error of the service by throwing it.
    if (error instanceof AwsError) throw error;
    if (use.signal.aborted) throw sessionStopped();
    throw runtimeClientError(
      'An error occurred when starting the runtime. Please check your CloudWatch logs for more information.',
    );
  }
}

/** What an invocation gets that has not begun to answer when its session is stopped is undocumented. */
function sessionStopped(): AwsError {
  return runtimeClientError('The runtime session was stopped.');
}

/** Rejects when the signal aborts. */
function failed(signal: AbortSignal, error: () => Error): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(error()), { once: true });
  });
}

/** Reads an answer away that nobody wants, so that its connection is freed. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of body);
  } catch {
    // It is gone, as wanted.
  }
}
