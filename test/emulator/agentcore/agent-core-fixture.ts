import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand, StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { BedrockAgentCoreControlClient } from '@aws-sdk/client-bedrock-agentcore-control';
import type { Readable } from 'node:stream';
import type { Agent, AgentInvocation } from '../../../src/emulator/agentcore/agent.ts';
import { createAgentCore } from '../../../src/emulator/agentcore/service.ts';
import { echoAgent } from '../../../src/emulator/agentcore/agents/demo.ts';
import { AGENT_CORE_LIMITS, type AgentCoreLimits } from '../../../src/emulator/agentcore/limits.ts';
import { createFaultInjector, type FaultInjector } from '../../../src/emulator/faults/fault-injector.ts';
import { createIam } from '../../../src/emulator/iam/service.ts';
import { type ServedService, serveService } from '../apigateway/serve-service.ts';

export const PLACE = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
export const ID = 'story-AbCdEfGhIj';
export const ARN = `arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/${ID}`;
export const SESSION = 's'.repeat(33);

/** AgentCore on a loopback port with one runtime, and SDK clients for it. */
export async function startAgentCore(
  agent: Agent = echoAgent(),
  limits: Partial<AgentCoreLimits> = {},
  { faults, onStart }: { faults?: FaultInjector; onStart?: (sessionId: string) => void } = {},
) {
  const iam = createIam(PLACE);
  const service = createAgentCore({
    place: PLACE,
    iam,
    agents: new Map([[ARN, agent]]),
    limits: { ...AGENT_CORE_LIMITS, ...limits },
    faults: faults ?? createFaultInjector({ faults: [], seed: 1, emit: () => undefined }),
    emit(event) {
      if (event.type === 'session-start') onStart?.(event.sessionId);
    },
  });
  const served: ServedService = await serveService(service);
  const config = {
    endpoint: served.endpoint,
    region: PLACE.region,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const client = new BedrockAgentCoreClient(config);
  const control = new BedrockAgentCoreControlClient(config);
  const invoke = (more: object = {}, options: { abortSignal?: AbortSignal } = {}) =>
    client.send(
      new InvokeAgentRuntimeCommand({
        agentRuntimeArn: ARN,
        runtimeSessionId: SESSION,
        contentType: 'application/json',
        accept: 'text/event-stream',
        payload: Buffer.from('{"prompt":"one two"}'),
        ...more,
      }),
      options,
    );
  const stop = (more: object = {}) =>
    client.send(new StopRuntimeSessionCommand({ agentRuntimeArn: ARN, runtimeSessionId: SESSION, ...more }));
  const close = async () => {
    client.destroy();
    control.destroy();
    await served.close();
  };
  return { ...served, iam, service, client, control, invoke, stop, close };
}

/** An agent that says `one` and then nothing until it is told to go on or to stop. */
export function waitingAgent() {
  const seen: AgentInvocation[] = [];
  let goOn = () => {};
  const gone = new Promise<void>((resolve) => (goOn = resolve));
  async function* body(signal: AbortSignal): AsyncGenerator<Buffer> {
    yield Buffer.from('one');
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([aborted, gone]);
    signal.throwIfAborted();
    yield Buffer.from('two');
  }
  const agent: Agent = {
    async invoke(invocation) {
      seen.push(invocation);
      return { status: 200, contentType: 'text/plain', body: body(invocation.signal) };
    },
  };
  return { agent, seen, goOn: () => goOn() };
}

/** Reads a streamed answer piece by piece. */
export const reader = (response: unknown) => {
  const iterator = (response as Readable).iterator({ destroyOnReturn: false });
  return async () => {
    const { value, done } = (await iterator.next()) as IteratorResult<Buffer>;
    return done ? undefined : value.toString('utf8');
  };
};
