import type { StreamPart } from '../stream/stream-part.ts';

/** Memory that may wait for the consumer before the source is told to pause. */
export const HIGH_WATER_BYTES = 1_048_576;

/** What a waiting part costs beside its bytes, roughly: a body of tiny chunks must not escape the bound. */
const PART_BYTES = 128;

/** Carries parts from callbacks to one consumer that asks for them one after another. */
export interface PartQueue {
  /** @returns false when the consumer has fallen behind: `drained` tells when it has caught up */
  push(part: StreamPart): boolean;
  /** Settles when at most half of the bound is waiting, or nobody waits any more. Never rejects. */
  drained(): Promise<void>;
  /** What waits can still be had. The first of `end` and `fail` counts. */
  end(): void;
  fail(error: Error): void;
  /** One at a time. @throws what `fail` was given */
  next(): Promise<IteratorResult<StreamPart, undefined>>;
}

interface Consumer {
  readonly resolve: (result: IteratorResult<StreamPart, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/** Not an async generator: those cost several turns of the microtask queue for each part. */
export function createPartQueue(highWaterBytes = HIGH_WATER_BYTES): PartQueue {
  const waiting: StreamPart[] = [];
  const stalled: (() => void)[] = [];
  let waitingBytes = 0;
  let full = false;
  let ending: { readonly error?: Error } | undefined;
  let consumer: Consumer | undefined;

  const release = (): void => {
    full = false;
    for (const resume of stalled.splice(0)) resume();
  };
  const finish = (how: { readonly error?: Error }): void => {
    if (ending) return;
    ending = how;
    const last = consumer;
    consumer = undefined;
    if (how.error) last?.reject(how.error);
    else last?.resolve({ done: true, value: undefined });
    release();
  };

  return {
    push(part) {
      if (ending) return true;
      if (consumer) {
        const { resolve } = consumer;
        consumer = undefined;
        resolve({ done: false, value: part });
        return true;
      }
      waiting.push(part);
      waitingBytes += cost(part);
      if (waitingBytes > highWaterBytes) full = true;
      return !full;
    },
    drained() {
      if (!full) return Promise.resolve();
      return new Promise((resolve) => stalled.push(resolve));
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    next() {
      const part = waiting.shift();
      if (part) {
        waitingBytes -= cost(part);
        if (full && waitingBytes <= highWaterBytes / 2) release();
        return Promise.resolve({ done: false, value: part });
      }
      if (ending?.error) return Promise.reject(ending.error);
      if (ending) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve, reject) => {
        consumer = { resolve, reject };
      });
    },
  };
}

function cost(part: StreamPart): number {
  return part.type === 'chunk' ? part.bytes.length + PART_BYTES : PART_BYTES;
}
