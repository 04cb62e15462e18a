import { expect, test } from 'vitest';
import { createBandwidthPacer } from '../../../src/emulator/kernel/rate-limit.ts';
import { createHandClock } from '../../helpers/hand-clock.ts';

const lengths = async (pieces: AsyncIterable<Buffer>): Promise<number[]> => {
  const found: number[] = [];
  for await (const piece of pieces) found.push(piece.length);
  return found;
};
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

test('lets the first bytes go and then as many a second as it may', async () => {
  const clock = createHandClock();
  const pieces = createBandwidthPacer({ freeBytes: 100, bytesPerSecond: 1_000 }, { clock });
  expect(await lengths(pieces(Buffer.alloc(60)))).toEqual([60]);
  expect(clock.sleeps).toEqual([]);
  expect(await lengths(pieces(Buffer.alloc(50)))).toEqual([40, 10]);
  expect(sum(clock.sleeps)).toBeCloseTo(0);
  await lengths(pieces(Buffer.alloc(500)));
  await lengths(pieces(Buffer.alloc(500)));
  // Timers that are late may be made up for, by 50 ms.
  expect(sum(clock.sleeps)).toBeGreaterThanOrEqual(950);
  expect(sum(clock.sleeps)).toBeLessThanOrEqual(1_010);
});

test('sends a large chunk piece by piece, each in its time, every byte of it', async () => {
  const clock = createHandClock();
  const startedAt = clock.now();
  const pieces = createBandwidthPacer({ freeBytes: 0, bytesPerSecond: 2_097_152 }, { clock });
  const chunk = Buffer.from(Array.from({ length: 2_097_152 }, (_, index) => index % 251));
  const parts: Buffer[] = [];
  for await (const piece of pieces(chunk)) parts.push(piece);
  expect(parts).toHaveLength(32);
  expect(Buffer.concat(parts).equals(chunk)).toBe(true);
  expect(clock.now() - startedAt).toBeCloseTo(1_000 * (31 / 32));
});

test('saves no time up while nothing is sent', async () => {
  const clock = createHandClock();
  const pieces = createBandwidthPacer({ freeBytes: 0, bytesPerSecond: 1_000 }, { clock });
  await lengths(pieces(Buffer.alloc(10)));
  clock.pass(60_000);
  const before = clock.now();
  for (let chunk = 0; chunk < 10; chunk += 1) await lengths(pieces(Buffer.alloc(100)));
  expect(clock.now() - before).toBeGreaterThanOrEqual(950);
});

test('waits no more for a stream that nobody reads', async () => {
  let over = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    over = resolve;
  });
  const pieces = createBandwidthPacer({ freeBytes: 0, bytesPerSecond: 0.001 }, { until });
  const all = lengths(pieces(Buffer.alloc(200_000)));
  over();
  expect(sum(await all)).toBe(200_000);
});
