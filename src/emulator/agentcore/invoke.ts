import type { ServerResponse } from 'node:http';
import { AwsError } from '../aws-error.ts';
import type { AwsRequest } from '../aws-request.ts';
import type { Iam } from '../iam/iam.ts';
import type { Place } from '../place.ts';
import { cutConnection } from '../cut-connection.ts';
import { writeChunk } from '../write-chunk.ts';
import type { Agent, AgentReply } from './agent.ts';
import { runtimeClientError, validationError } from './errors.ts';
import { type AgentsByArn, findAgent, readRuntimeAddress } from './find-runtime.ts';
import type { AgentCoreLimits } from './limits.ts';
import { newSessionId, readSessionId, SESSION_HEADER } from './session-id.ts';
import type { Sessions } from './sessions.ts';

const USER_ID_HEADER = 'x-amzn-bedrock-agentcore-runtime-user-id';

/** API model of InvokeAgentRuntime: headers that reach the container, and of those the ones that come back. */
const CONTAINER_HEADERS = [
  USER_ID_HEADER,
  'x-amzn-trace-id',
  'traceparent',
  'tracestate',
  'baggage',
];

export interface InvokeContext {
  readonly place: Place;
  readonly iam: Iam;
  readonly agents: AgentsByArn;
  readonly sessions: Sessions;
  readonly limits: AgentCoreLimits;
}

/**
 * InvokeAgentRuntime: runs the agent in the session of the call and passes its answer on, chunk by chunk. An answer that breaks
 * off, or whose session is stopped, ends with a cut connection.
 * @param arnOrId decoded path label
 * @throws {AwsError} before anything has been written
 */
export async function invokeAgentRuntime(
  request: AwsRequest,
  response: ServerResponse,
  arnOrId: string,
  context: InvokeContext,
): Promise<void> {
  const { iam, limits, sessions } = context;
  const address = readRuntimeAddress(arnOrId, request.query, context.place);
  const resources = [address.runtimeArn, address.endpointArn];
  // Developer guide, "Resource-based policies for AgentCore Runtime": authorised on the runtime and on its endpoint.
  iam.authorize(request.accessKeyId, 'bedrock-agentcore:InvokeAgentRuntime', resources);
  if (request.headers[USER_ID_HEADER] !== undefined) {
    iam.authorize(request.accessKeyId, 'bedrock-agentcore:InvokeAgentRuntimeForUser', resources);
  }
  const sessionId = readSessionId(request) ?? newSessionId();
  if (request.body.length > limits.payloadBytes) {
    throw validationError(
      'payload',
      `1 validation error detected: Value at 'payload' failed to satisfy constraint: Member must have length less than or equal to ${limits.payloadBytes}`,
    );
  }
  const agent = findAgent(context.agents, address);

  const use = sessions.use(address.endpointArn, sessionId);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), limits.streamDurationMs);
  const ended = AbortSignal.any([use.signal, deadline.signal]);
  try {
    const signal = limits.abortAgentOnDisconnect ? AbortSignal.any([ended, request.signal]) : ended;
    const reply = await askAgent(agent, request, sessionId, signal, use.signal);
    await passOn(reply, response, sessionId, request, ended);
  } finally {
    clearTimeout(timer);
    use.release();
  }
}

async function askAgent(
  agent: Agent,
  request: AwsRequest,
  sessionId: string,
  signal: AbortSignal,
  stopped: AbortSignal,
): Promise<AgentReply> {
  const { headers } = request;
  const failed = () =>
    runtimeClientError(
      stopped.aborted
        ? // What an invocation gets that has not begun to answer when its session is stopped is undocumented.
          'The runtime session was stopped.'
        : 'An error occurred when starting the runtime. Please check your CloudWatch logs for more information.',
    );
  const reply = await agent
    .invoke({
      payload: request.body,
      contentType: headers['content-type'] ?? 'application/octet-stream',
      accept: headers.accept ?? '',
      sessionId,
      signal,
      headers: {
        'x-amzn-bedrock-agentcore-runtime-request-id': request.requestId,
        ...containerHeaders(request),
      },
    })
    .catch((error: unknown) => {
      // An agent may act out any error of the service by throwing it.
      throw error instanceof AwsError ? error : failed();
    });
  if (stopped.aborted) throw failed();
  if (reply.status >= 200 && reply.status < 300) return reply;
  void discard(reply.body);
  throw runtimeClientError(
    `Received error (${reply.status}) from runtime. Please check your CloudWatch logs for more information.`,
  );
}

async function passOn(
  reply: AgentReply,
  response: ServerResponse,
  sessionId: string,
  request: AwsRequest,
  ended: AbortSignal,
): Promise<void> {
  const { [USER_ID_HEADER]: _, ...traceHeaders } = containerHeaders(request);
  const cut = () => cutConnection(response);
  ended.addEventListener('abort', cut, { once: true });
  try {
    response.socket?.setNoDelay(true);
    response.writeHead(reply.status, {
      'Content-Type': reply.contentType,
      [SESSION_HEADER]: sessionId,
      ...traceHeaders,
    });
    response.flushHeaders();
    for await (const chunk of reply.body) await writeChunk(response, chunk);
    if (!ended.aborted) response.end();
  } catch {
    // The agent broke off: so does the answer, without the terminating chunk.
    cutConnection(response);
  } finally {
    ended.removeEventListener('abort', cut);
  }
}

function containerHeaders({ headers }: AwsRequest): Readonly<Record<string, string>> {
  const given = CONTAINER_HEADERS.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(
    given.filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** Reads an answer away that nobody wants, so that its connection is freed. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of body);
  } catch {
    // It is gone, as wanted.
  }
}
