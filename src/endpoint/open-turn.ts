import type { StreamPart } from '../stream/stream-part.ts';
import { createPartQueue } from './part-queue.ts';
import type { TurnParts } from './transport.ts';
import { createTurnTimers, type TurnTimeouts } from './turn-timers.ts';

/** Where an exchange puts what it receives. */
export interface PartSink {
  /** Stamp first, then push. @returns false when the consumer has fallen behind: read on after `drained` */
  push(part: StreamPart): boolean;
  drained(): Promise<void>;
  /** The connection stands. */
  connected(): void;
}

/**
 * One request and its answer, over whatever protocol. Settles when all that it has opened is closed again.
 * @param signal aborted when the turn is over before its end: by the caller, by a timer, or since nobody reads on
 * @throws the failure of the turn
 */
export type Exchange = (sink: PartSink, signal: AbortSignal) => Promise<void>;

export interface TurnControl {
  readonly signal: AbortSignal;
  readonly timers?: TurnTimeouts;
  /** Bytes that may wait for the consumer. */
  readonly highWaterBytes?: number;
}

/**
 * Runs an exchange once the first part is asked for and hands its parts over with back-pressure. An abort and a timer end the turn
 * at once, whatever the exchange is waiting for.
 * @throws from the iteration: the signal's reason; OperationError CLIENT_TIMEOUT; what the exchange throws
 */
export function openTurn(
  exchange: Exchange,
  { signal, timers: timeouts = {}, highWaterBytes }: TurnControl,
): TurnParts {
  const queue = createPartQueue(highWaterBytes);
  const over = new AbortController();
  let isOver = false;
  let running: Promise<void> | undefined;
  let hasRead = false;
  const timesReads = Boolean(timeouts.silenceMs);
  let direct: ((part: StreamPart) => void) | undefined;

  const finish = (error?: Error): void => {
    isOver = true;
    timers.stop();
    signal.removeEventListener('abort', onAbort);
    if (error) queue.fail(error);
    else queue.end();
  };
  const breakOff = (reason: Error): void => {
    finish(reason);
    over.abort(reason);
  };
  const timers = createTurnTimers(timeouts, breakOff);
  const onAbort = (): void => breakOff(signal.reason as Error);

  const sink: PartSink = {
    push(part) {
      if (isOver) return true;
      if (part.type === 'chunk') {
        // For each read of each stream: only where a timer wants to know.
        if (timesReads || !hasRead) timers.read();
        hasRead = true;
      } else if (part.type === 'sent') {
        timers.sent();
      }
      if (direct) {
        try {
          direct(part);
        } catch (error) {
          breakOff(error as Error);
        }
        return true;
      }
      const keepsUp = queue.push(part);
      if (!keepsUp) timers.hold();
      return keepsUp;
    },
    async drained() {
      await queue.drained();
      timers.resume();
    },
    connected: () => timers.connected(),
  };
  const run = async (): Promise<void> => {
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await exchange(sink, over.signal);
      finish();
    } catch (error) {
      finish(error as Error);
    }
  };

  return {
    async each(onPart) {
      direct = onPart;
      running ??= run();
      // Nothing is queued: this is the end.
      await queue.next();
    },
    next() {
      running ??= run();
      return queue.next();
    },
    return() {
      // Not waiting for the exchange: it may be asking for credentials, which nothing can stop.
      breakOff(new Error('the turn was left before its end'));
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
