import { createPacer } from '../kernel/pacer.ts';
import type { LambdaLimits } from './limits.ts';

/** What becomes of a streamed response between the function and its invoker. */
export interface Delivery {
  /** A smaller write waits for the next one. */
  readonly holdBelowBytes: number;
  /** Nothing leaves before the end. */
  readonly buffered: boolean;
}

/** Hands the writes of a streamed response on: held or kept back as the delivery says, and as fast as the bandwidth allows. */
export async function* deliver(
  writes: AsyncIterable<Buffer>,
  { holdBelowBytes, buffered }: Delivery,
  limits: Pick<LambdaLimits, 'streamFreeBytes' | 'streamBytesPerSecond'>,
): AsyncGenerator<Buffer> {
  const pieces = createPacer({
    freeBytes: limits.streamFreeBytes,
    bytesPerSecond: limits.streamBytesPerSecond,
  });
  const released = buffered ? toTheEnd(writes) : holdSmall(writes, holdBelowBytes);
  for await (const write of released) yield* pieces(write);
}

async function* holdSmall(
  writes: AsyncIterable<Buffer>,
  belowBytes: number,
): AsyncGenerator<Buffer> {
  let held: Buffer | undefined;
  for await (const write of writes) {
    if (held) yield held;
    held = write.length < belowBytes ? write : undefined;
    if (!held) yield write;
  }
  if (held) yield held;
}

async function* toTheEnd(writes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const all: Buffer[] = [];
  for await (const write of writes) all.push(write);
  yield Buffer.concat(all);
}
