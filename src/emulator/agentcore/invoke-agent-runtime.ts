import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { AwsError, brokenConstraint } from '../kernel/aws-error.ts';
import type { AwsRequest } from '../kernel/service.ts';
import { agentError, agentErrorOf, invalidField, runtimeClientError } from './errors.ts';
import type { FaultInjector } from '../faults/fault-injector.ts';
import { faultyAgent } from '../faults/faulty-agent.ts';
import type { Iam } from '../iam/service.ts';
import type { Place } from '../kernel/place.ts';
import { cutConnection, writeChunk } from '../kernel/client-connection.ts';
import type { Agent, AgentReply, RuntimeAddress } from './agent.ts';
import type { RestCall } from '../protocols/rest-json.ts';
import { type AgentsByArn, findAgent, readRuntimeAddress } from './agent-runtime.ts';
import type { AgentCoreLimits } from './limits.ts';
import { type Quotas, readSessionId, SESSION_HEADER, type Sessions, type SessionUse } from './store.ts';
import { once } from 'node:events';

export interface InvokeContext {
  readonly place: Place;
  readonly iam: Iam;
  readonly agents: AgentsByArn;
  readonly sessions: Sessions;
  readonly quotas: Quotas;
  readonly faults: FaultInjector;
  readonly limits: AgentCoreLimits;
}

/** Runs the agent and passes its answer on; the connection is cut when it breaks off. @throws {AwsError} before it has begun */
export async function invokeAgentRuntime({ request, response, label }: RestCall, context: InvokeContext): Promise<void> {
  const { iam, limits, sessions } = context;
  const address = readRuntimeAddress(label('runtime'), request.query, context.place);
  const resources = [address.runtimeArn, address.endpointArn];
  // Developer guide, "Resource-based policies for AgentCore Runtime": authorized on the runtime and on its endpoint.
  iam.authorize(request.accessKeyId, 'bedrock-agentcore:InvokeAgentRuntime', resources);
  if (request.headers[USER_ID_HEADER] !== undefined)
    iam.authorize(request.accessKeyId, 'bedrock-agentcore:InvokeAgentRuntimeForUser', resources);
  context.quotas.admitCall('InvokeAgentRuntime', address.runtimeArn);
  const sessionId = readSessionId(request) ?? randomUUID();
  if (request.body.length > limits.payloadBytes) {
    const rule = `have length less than or equal to ${limits.payloadBytes}`;
    throw invalidField('payload', brokenConstraint('payload', undefined, rule));
  }
  const found = findAgent(context.agents, address);
  const fault = context.faults.forAgent({ accessKeyId: request.accessKeyId, sessionId });
  const error = fault && agentErrorOf(fault, address);
  if (error) throw error;
  const agent = fault ? faultyAgent(found, fault) : found;

  const use = sessions.use(address.endpointArn, sessionId);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), limits.streamDurationMs);
  const ended = AbortSignal.any([use.signal, deadline.signal]);
  try {
    const signal = limits.abortAgentOnDisconnect ? AbortSignal.any([ended, request.signal]) : ended;
    const reply = await askAgent(agent, { request, address, sessionId, use, signal, limits });
    await passOn(reply, response, sessionId, request, ended);
  } finally {
    clearTimeout(timer);
    use.release();
  }
}

async function passOn(reply: AgentReply, response: ServerResponse, sessionId: string, request: AwsRequest, ended: AbortSignal) {
  const { [USER_ID_HEADER]: _, ...traceHeaders } = containerHeaders(request);
  const cut = () => cutConnection(response);
  ended.addEventListener('abort', cut, { once: true });
  try {
    response.socket?.setNoDelay(true);
    response.writeHead(reply.status, { 'Content-Type': reply.contentType, [SESSION_HEADER]: sessionId, ...traceHeaders });
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

const SEE_LOGS = 'Please check your CloudWatch logs for more information.';

/** A call that has passed authorization and quotas. */
interface AgentCall {
  readonly request: AwsRequest;
  readonly address: RuntimeAddress;
  readonly sessionId: string;
  readonly use: SessionUse;
  /** Stops the agent. */
  readonly signal: AbortSignal;
  readonly limits: Pick<AgentCoreLimits, 'requestTimeoutMs' | 'passMediaTypes'>;
}

/** Waits for the microVM and the beginning of the answer. @throws {AwsError} RuntimeClientError (424); 504 when it takes too long */
async function askAgent(agent: Agent, call: AgentCall): Promise<AgentReply> {
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
    // Read to its end, which frees its connection, as a failure does.
    Readable.from(reply.body)
      .on('error', () => undefined)
      .resume();
    throw runtimeClientError(`Received error (${reply.status}) from runtime. ${SEE_LOGS}`);
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
    throw runtimeClientError(`An error occurred when starting the runtime. ${SEE_LOGS}`);
  }
}

/** Answer to an invocation whose session is stopped before the agent has answered; AWS does not document it. */
function sessionStopped(): AwsError {
  return runtimeClientError('The runtime session was stopped.');
}

const USER_ID_HEADER = 'x-amzn-bedrock-agentcore-runtime-user-id';

/** Headers that reach the container; all but the user id also come back (API model of InvokeAgentRuntime). */
const CONTAINER_HEADERS = [USER_ID_HEADER, 'x-amzn-trace-id', 'traceparent', 'tracestate', 'baggage'];

/** The headers of a call that reach the agent, by lower-case name. */
function containerHeaders({ headers }: AwsRequest): Readonly<Record<string, string>> {
  const given = CONTAINER_HEADERS.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(given.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
