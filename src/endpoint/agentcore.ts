import { parseMembers } from '../agent-events/json-value.ts';
import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand, StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { OperationError } from '../cli/errors.ts';
import { agentPayload, CODE_OF_AGENT_STATUS, SESSION_HEADER, type WireErrorCode } from '../protocol.ts';
import type { AwsAccess } from '../aws/aws-access.ts';
import { callService, readServiceFailure, sdkClientConfig, type ServiceFailure, toCallError } from './sdk-call.ts';
import { type PartSink, runExchange } from './exchange.ts';
import { probeNeedsFunction, type Transport, turnCall, type TurnRequest } from './transport.ts';
import { streamCut } from './endpoint-error.ts';
import { STOP_TIMEOUT_MS, timeoutError, type TurnTimeouts } from './turn-timers.ts';

interface AgentCoreTarget {
  /** Its Region has to be the agent's. */
  readonly access: AwsAccess;
  readonly agentRuntimeArn: string;
  /** Endpoint for turns and stops that name none. */
  readonly qualifier: string;
}

/** The same media types as the deployed function accepts. TypeScript agents answer 406 without the first. */
const ACCEPT = 'text/event-stream, application/json';

/**
 * The agent itself, without API Gateway and Lambda: InvokeAgentRuntime, signed with the caller's own credentials. Failures have
 * AgentCore's own status and sentence and the code that the endpoint would give them.
 * @param options.timers of each turn; connect is 10 s unless given, the others are off
 */
export function createAgentCoreTransport(target: AgentCoreTarget, options: { readonly timers?: TurnTimeouts } = {}): Transport {
  const { access, agentRuntimeArn } = target;
  const { timers } = options;
  const client = new BedrockAgentCoreClient(sdkClientConfig(access));

  const exchange = async (request: TurnRequest, sink: PartSink, signal: AbortSignal): Promise<void> => {
    const { body } = turnCall(request);
    const control = parseMembers(body);
    const command = new InvokeAgentRuntimeCommand({
      agentRuntimeArn,
      qualifier: textOf(control['qualifier']) ?? target.qualifier,
      runtimeSessionId: textOf(control['session_id']) ?? randomUUID(),
      contentType: textOf(control['content_type']) ?? 'application/json',
      accept: textOf(control['accept']) ?? ACCEPT,
      payload: Buffer.from(agentPayload(body)),
    });
    const send = () => client.send(command, { abortSignal: signal });
    const answered = await callService(sink, access, codeOf, command, send);
    if (!answered) return;
    const { output, head } = answered;
    sink.push({
      type: 'headers',
      at: head?.at ?? performance.now(),
      status: output.statusCode ?? 200,
      headers: { ...head?.headers, [SESSION_HEADER.toLowerCase()]: output.runtimeSessionId ?? '' },
    });
    await pour(output.response as Readable, sink, signal);
  };

  return {
    async send(request, onPart, signal) {
      if ('probe' in request) throw probeNeedsFunction();
      await runExchange((sink, over) => exchange(request, sink, over), onPart, { signal, timers });
    },

    async stop(sessionId, qualifier = target.qualifier) {
      const deadline = AbortSignal.timeout(STOP_TIMEOUT_MS);
      const command = new StopRuntimeSessionCommand({ agentRuntimeArn, qualifier, runtimeSessionId: sessionId });
      try {
        await client.send(command, { abortSignal: deadline });
      } catch (error) {
        if (deadline.aborted) throw timeoutError('total', STOP_TIMEOUT_MS, error);
        const failure = readServiceFailure(error);
        if (!failure) throw toCallError(error, access);
        const code = failure.status === 404 ? 'SESSION_NOT_FOUND' : codeOf(failure);
        const text = `the session could not be stopped (${failure.status}): ${failure.message}`;
        throw new OperationError(code, text, { cause: error });
      }
    },

    async close() {
      client.destroy();
    },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function codeOf({ status }: ServiceFailure): WireErrorCode {
  return CODE_OF_AGENT_STATUS[status] ?? 'AGENT_UNAVAILABLE';
}

/** Passes a body on as it comes off the socket, and pauses it while the consumer is behind. */
function pour(body: Readable, sink: PartSink, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error?: NodeJS.ErrnoException): void => reject(streamCut(error?.code ?? error?.message ?? 'closed', error));
    if (body.destroyed) return fail();
    signal.addEventListener('abort', () => body.destroy(), { once: true });
    body.on('data', (bytes: Buffer) => {
      if (sink.push({ type: 'chunk', at: performance.now(), bytes })) return;
      body.pause();
      void sink.drained().then(() => body.resume());
    });
    body.once('end', () => {
      sink.push({ type: 'end', at: performance.now() });
      resolve();
    });
    body.once('error', fail);
    // After `end` and `error` this changes nothing.
    body.once('close', () => fail());
  });
}
