import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { brokenConstraint } from '../kernel/aws-error.ts';
import type { AwsRequest } from '../kernel/service.ts';
import { agentErrorOf, invalidField } from './errors.ts';
import type { FaultInjector } from '../faults/fault-injector.ts';
import { faultyAgent } from '../faults/faulty-agent.ts';
import type { Iam } from '../iam/service.ts';
import type { Place } from '../kernel/place.ts';
import { cutConnection, writeChunk } from '../kernel/client-connection.ts';
import type { AgentReply } from './agent.ts';
import type { RestCall } from '../protocols/rest-json.ts';
import { askAgent, containerHeaders, USER_ID_HEADER } from './ask-agent.ts';
import { type AgentsByArn, findAgent, readRuntimeAddress } from './agent-runtime.ts';
import type { AgentCoreLimits } from './limits.ts';
import type { Quotas } from './quotas.ts';
import { readSessionId, SESSION_HEADER, type Sessions } from './store.ts';

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
  if (request.headers[USER_ID_HEADER] !== undefined) {
    iam.authorize(request.accessKeyId, 'bedrock-agentcore:InvokeAgentRuntimeForUser', resources);
  }
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
