import {
  type InvokeWithResponseStreamCompleteEvent,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamResponseEvent as LambdaEvent,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { parseMembers } from '../agent-events/json-value.ts';
import { serviceCode } from '../cli/error-codes.ts';
import { hint, OperationError } from '../cli/errors.ts';
import { SESSION_HEADER } from '../protocol.ts';
import type { AwsAccess } from '../aws/aws-access.ts';
import { callService, sdkClientConfig, type ServiceFailure } from './sdk-call.ts';
import { streamCut } from './endpoint-error.ts';
import { createPreludeReader, invokeEvent } from './lambda-proxy.ts';
import { type PartSink, runExchange, runStop } from './exchange.ts';
import { stopPath, type Transport, turnCall } from './transport.ts';
import type { TurnTimeouts } from './turn-timers.ts';

interface LambdaTarget {
  readonly access: AwsAccess;
  /** Name or ARN of the endpoint's function. */
  readonly functionName: string;
  /** Names of the claims that the function reads of a caller. */
  readonly claims?: readonly string[];
  /** Headers that every request carries in addition to its own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The function behind the endpoint, without API Gateway: InvokeWithResponseStream with the event that API Gateway would send.
 * Status and headers are those of the function's prelude.
 * @param options.timers of each turn; connect is 10 s unless given, the others are off
 */
export function createLambdaTransport(target: LambdaTarget, { timers }: { readonly timers?: TurnTimeouts } = {}): Transport {
  const client = new LambdaClient(sdkClientConfig(target.access));

  const exchange = async (event: object, sink: PartSink, signal: AbortSignal): Promise<void> => {
    const command = new InvokeWithResponseStreamCommand({
      FunctionName: target.functionName,
      Payload: Buffer.from(JSON.stringify(event)),
    });
    const nameOf = ({ name }: ServiceFailure): string => name;
    const send = () => client.send(command, { abortSignal: signal });
    const answered = await callService(sink, target.access, nameOf, command, send);
    if (!answered) return;
    const { output } = answered;
    if (!output.EventStream) throw streamCut('no event stream');
    await passOn(output.EventStream, output.$metadata.requestId, sink);
  };

  return {
    send(request, onPart, signal) {
      const { path, body } = turnCall(request);
      const headers = { 'Content-Type': 'application/json', ...target.headers };
      const event = invokeEvent('POST', path, headers, body, target.claims);
      return runExchange((sink, over) => exchange(event, sink, over), onPart, { signal, timers });
    },

    async stop(sessionId, qualifier) {
      const headers = { [SESSION_HEADER]: sessionId, ...target.headers };
      const event = invokeEvent('DELETE', stopPath(qualifier), headers, null, target.claims);
      await runStop((sink, over) => exchange(event, sink, over), timers);
    },

    async close() {
      client.destroy();
    },
  };
}

/** Reads events until the invocation is complete, each stamped as it comes out of its read. */
async function passOn(events: AsyncIterable<LambdaEvent>, requestId: string | undefined, sink: PartSink): Promise<void> {
  const readPrelude = createPreludeReader();
  let begun = false;
  const take = (bytes: Uint8Array, at: number): boolean => {
    if (begun) return sink.push({ type: 'chunk', at, bytes });
    const prelude = readPrelude(bytes);
    if (!prelude) return true;
    begun = true;
    const headers = { ...(requestId !== undefined && { 'x-amzn-requestid': requestId }), ...prelude.head.headers };
    sink.push({ type: 'headers', at, status: prelude.head.status, headers });
    return prelude.rest.length === 0 || sink.push({ type: 'chunk', at, bytes: prelude.rest });
  };

  for await (const { PayloadChunk: chunk, InvokeComplete: complete } of readable(events)) {
    const at = performance.now();
    if (complete) {
      if (complete.ErrorCode !== undefined) throw invocationError(complete, begun);
      if (!begun) throw new OperationError('EMPTY_ANSWER', 'the function ended without an answer');
      sink.push({ type: 'end', at });
      return;
    }
    const bytes = chunk?.Payload;
    if (bytes && bytes.length > 0 && !take(bytes, at)) await sink.drained();
  }
  throw streamCut('no InvokeComplete event');
}

async function* readable(events: AsyncIterable<LambdaEvent>): AsyncGenerator<LambdaEvent> {
  try {
    yield* events;
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    throw streamCut(code ?? name, error);
  }
}

/** The error of a function that failed: its own before the first byte, a cut stream after it. */
function invocationError(complete: InvokeWithResponseStreamCompleteEvent, begun: boolean): OperationError {
  const { ErrorCode: code = 'Error', ErrorDetails: details = '' } = complete;
  if (begun) return streamCut(code);
  return new OperationError(serviceCode(code), `the function failed: ${readErrorMessage(details)}`, {
    hint: hint`look at the function's log; \`${['agentstream', 'status']}\` names its group`,
  });
}

/** Any text but the error object of a runtime is shown unchanged. */
function readErrorMessage(details: string): string {
  const { errorMessage } = parseMembers(details);
  return typeof errorMessage === 'string' ? errorMessage : details || 'no reason given';
}
