import type { StreamPart } from '../stream/stream-part.ts';
import type { PartListener } from './transport.ts';
import type { Credentials } from './authorize.ts';
import { endpointError } from './endpoint-error.ts';
import { CONNECT_TIMEOUT_MS, createTurnTimers, STOP_TIMEOUT_MS, type TurnTimeouts } from './turn-timers.ts';

/** Where an exchange puts what it receives. */
export interface PartSink {
  /** Stamp first, then push. @returns false when the listener cannot keep up: read on after `drained` */
  push(part: StreamPart): boolean;
  /** Settles when the listener has caught up. */
  drained(): Promise<void>;
  /** The connection stands. */
  connected(): void;
}

/**
 * One request and its answer, over whatever protocol. Settles when all that it has opened is closed again.
 * @param signal aborted when the turn is over before its end: by the caller, by a timer, or by a listener that threw
 * @throws the failure of the turn
 */
export type Exchange = (sink: PartSink, signal: AbortSignal) => Promise<void>;

/**
 * Runs an exchange and hands each part over in the very callback in which it came off the socket. A listener that returns a promise
 * cannot keep up: the exchange stops reading until the promise settles. An abort and a timer end the turn at once, whatever the
 * exchange is waiting for.
 * @param options.timers connect is 10 s unless given, the others are off
 * @throws the signal's reason; OperationError CLIENT_TIMEOUT; what the exchange or the listener throws
 */
export function runExchange(
  exchange: Exchange,
  onPart: PartListener,
  { signal, timers: timeouts = {} }: { readonly signal: AbortSignal; readonly timers?: TurnTimeouts | undefined },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const timesReads = Boolean(timeouts.silenceMs);
    let isOver = false;
    let hasRead = false;
    let behind: Promise<void> | undefined;

    const finish = (): void => {
      isOver = true;
      timers.stop();
      signal.removeEventListener('abort', onAbort);
    };
    const breakOff = (reason: Error): void => {
      finish();
      reject(reason);
      over.abort(reason);
    };
    const timers = createTurnTimers({ connectMs: CONNECT_TIMEOUT_MS, ...timeouts }, breakOff);
    const onAbort = (): void => breakOff(signal.reason as Error);
    const fallBehind = (ready: Promise<void>): void => {
      timers.hold();
      const caughtUp: Promise<void> = Promise.all([behind, ready]).then(() => {
        if (behind !== caughtUp) return;
        behind = undefined;
        timers.resume();
      }, breakOff);
      behind = caughtUp;
    };

    const sink: PartSink = {
      push(part) {
        if (isOver) return true;
        if (part.type === 'chunk') {
          // For each read of each stream: only when a timer wants to know.
          if (timesReads || !hasRead) timers.read();
          hasRead = true;
        } else if (part.type === 'sent') {
          timers.sent();
        }
        try {
          const ready = onPart(part);
          if (ready) fallBehind(ready);
        } catch (error) {
          breakOff(error as Error);
        }
        return behind === undefined;
      },
      drained: () => behind ?? Promise.resolve(),
      connected: () => timers.connected(),
    };

    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    exchange(sink, over.signal).finally(finish).then(resolve, reject);
  });
}

/**
 * Runs the exchange that stops a session, and reads its answer.
 * @param timers of turns; only connect counts here
 * @throws as `runExchange`; {OperationError} when the endpoint refuses
 */
export async function runStop(exchange: Exchange, timers: TurnTimeouts = {}, auth?: Credentials['type']): Promise<void> {
  const { connectMs = CONNECT_TIMEOUT_MS } = timers;
  let status = 0;
  const chunks: Uint8Array[] = [];
  const collect = (part: StreamPart): void => {
    if (part.type === 'headers') status = part.status;
    else if (part.type === 'chunk') chunks.push(part.bytes);
  };
  const { signal } = new AbortController();
  await runExchange(exchange, collect, { signal, timers: { connectMs, totalMs: STOP_TIMEOUT_MS } });
  if (status !== 200) throw endpointError(status, Buffer.concat(chunks).toString('utf8'), auth);
}
