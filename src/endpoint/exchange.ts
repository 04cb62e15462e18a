import type { StreamPart } from '../stream/stream-part.ts';
import type { PartListener } from './transport.ts';
import { createTurnTimers, type TurnTimeouts } from './turn-timers.ts';

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
 * @throws the signal's reason; OperationError CLIENT_TIMEOUT; what the exchange or the listener throws
 */
export function runExchange(
  exchange: Exchange,
  onPart: PartListener,
  { signal, timers: timeouts = {} }: { readonly signal: AbortSignal; readonly timers?: TurnTimeouts },
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
    const timers = createTurnTimers(timeouts, breakOff);
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

/** Runs an exchange whose answer is short, and reads it whole. @throws as `runExchange` */
export async function readAnswer(
  exchange: Exchange,
  timers: TurnTimeouts,
): Promise<{ readonly status: number; readonly body: string }> {
  let status = 0;
  const chunks: Uint8Array[] = [];
  const collect = (part: StreamPart): void => {
    if (part.type === 'headers') status = part.status;
    else if (part.type === 'chunk') chunks.push(part.bytes);
  };
  await runExchange(exchange, collect, { signal: new AbortController().signal, timers });
  return { status, body: Buffer.concat(chunks).toString('utf8') };
}
