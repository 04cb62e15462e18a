import type { StreamPart } from './transport.ts';

/** Bytes that may wait for the consumer before the socket is paused. */
const HIGH_WATER_BYTES = 1_048_576;

/** Carries parts from socket callbacks to one async consumer, with back-pressure. */
export interface PartQueue {
  push(part: StreamPart): void;
  end(): void;
  fail(error: Error): void;
  /** Called with true when the consumer has fallen behind, with false when it has caught up. */
  onPressure(listener: (full: boolean) => void): void;
  readonly parts: AsyncIterable<StreamPart>;
}

export function createPartQueue(): PartQueue {
  const waiting: StreamPart[] = [];
  let waitingBytes = 0;
  let full = false;
  let done = false;
  let failure: Error | undefined;
  let pressure: (full: boolean) => void = () => undefined;
  let wake: () => void = () => undefined;

  const setFull = (value: boolean): void => {
    if (full === value) return;
    full = value;
    pressure(value);
  };

  async function* drain(): AsyncGenerator<StreamPart> {
    for (;;) {
      const part = waiting.shift();
      if (part) {
        if (part.type === 'chunk') waitingBytes -= part.bytes.length;
        if (waitingBytes < HIGH_WATER_BYTES / 2) setFull(false);
        yield part;
      } else if (failure) {
        throw failure;
      } else if (done) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  return {
    push(part) {
      waiting.push(part);
      if (part.type === 'chunk') waitingBytes += part.bytes.length;
      if (waitingBytes > HIGH_WATER_BYTES) setFull(true);
      wake();
    },
    end() {
      done = true;
      wake();
    },
    fail(error) {
      failure = error;
      wake();
    },
    onPressure(listener) {
      pressure = listener;
    },
    parts: drain(),
  };
}
