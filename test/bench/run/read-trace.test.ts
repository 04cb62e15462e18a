import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTraceKeeper, createTracing, type TracedTurn } from '../../../src/bench/run/read-trace.ts';
import { StreamMeter } from '../../../src/stream/measure.ts';
import { HOPS } from '../../../src/stream/stream-part.ts';

test('reads and events are written down since the turn was sent', () => {
  const trace = createTracing().begin();
  trace.read(105, 10);
  trace.event(105, 'text-delta');
  trace.event(105, 'usage');
  trace.read(120, 7);
  expect(trace.take(100)).toEqual({
    readMs: [5, 20],
    bytes: [10, 17],
    eventMs: [5, 5],
    eventTypes: ['text-delta', 'usage'],
    truncated: false,
  });
});

test('a stream of many pages comes out as it went in, and so does the next one on the same pages', () => {
  const tracing = createTracing();
  for (const [count, start] of [
    [200, 0],
    [130, 7_000],
    [65, 0.5],
  ] as const) {
    const trace = tracing.begin();
    const times = Array.from({ length: count }, (_, index) => start + index * 1.25);
    for (const [index, at] of times.entries()) {
      trace.read(at, index);
      trace.event(at, index % 2 === 0 ? 'data' : 'heartbeat');
    }
    const taken = trace.take(start);
    expect(taken.readMs).toEqual(times.map((at) => at - start));
    expect(taken.bytes.at(-1)).toBe((count * (count - 1)) / 2);
    expect(taken.eventMs).toEqual(taken.readMs);
    expect(taken.eventTypes.slice(0, 3)).toEqual(['data', 'heartbeat', 'data']);
    expect(taken.eventTypes).toHaveLength(count);
  }
});

test('of a long stream the beginning is kept, and that is said', () => {
  const trace = createTracing(3).begin();
  for (let read = 0; read < 5; read += 1) trace.read(read, 1);
  expect(trace.take(0)).toMatchObject({ readMs: [0, 1, 2], truncated: true });
});

test('all streams in flight share one bound; what has ended makes room', () => {
  const tracing = createTracing(100, 6);
  const [a, b, d] = [tracing.begin(), tracing.begin(), tracing.begin()];
  for (let read = 0; read < 4; read += 1) {
    a.read(read, 1);
    b.read(read, 1);
  }
  expect(a.take(0)).toMatchObject({ readMs: [0, 1, 2], truncated: true });
  const c = tracing.begin();
  for (let read = 0; read < 2; read += 1) c.read(read, 1);
  c.event(1, 'usage');
  d.read(0, 1);
  expect(d.take(0)).toMatchObject({ readMs: [], truncated: true });
  expect(c.take(0)).toMatchObject({ readMs: [0, 1], eventMs: [1], truncated: false });
  b.drop();
  const e = tracing.begin();
  for (let read = 0; read < 7; read += 1) e.read(read, 1);
  expect(e.take(0).readMs).toEqual([0, 1, 2, 3, 4, 5]);
});

test('of each hop the first three, the three longest silences and the two longest turns are kept, and no others', () => {
  const turns = fc.array(
    fc.record({
      hop: fc.constantFrom(...HOPS),
      gap: fc.integer({ min: 0, max: 1_000 }),
      duration: fc.integer({ min: 0, max: 1_000 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(turns, (list) => {
      const keeper = createTraceKeeper();
      const all = list.map(({ hop, gap, duration }, index) => traced(hop, index, gap, duration));
      // In the order in which they end, which is not that in which they were sent.
      const byEnd = [...all.filter((_, index) => index % 2 === 1), ...all.filter((_, index) => index % 2 === 0)];
      const fates = { taken: 0, dropped: 0 };
      for (const { record, trace } of byEnd) {
        keeper.offer(record, { take: () => ((fates.taken += 1), trace), drop: () => void (fates.dropped += 1) });
      }
      expect(fates.taken + fates.dropped).toBe(all.length);
      const kept = keeper.kept();
      expect(new Set(kept).size).toBe(kept.length);
      for (const hop of HOPS) {
        const ofHop = all.filter(({ record }) => record.hop === hop);
        const keptOfHop = kept.filter(({ record }) => record.hop === hop);
        expect(keptOfHop.length).toBeLessThanOrEqual(8);
        expect(keptOfHop.length).toBeGreaterThanOrEqual(Math.min(3, ofHop.length));
        expect(keptOfHop).toEqual(expect.arrayContaining(ofHop.slice(0, 3)));
        const has = (best: number, of: (turn: TracedTurn) => number): boolean =>
          best === -Infinity || keptOfHop.some((turn) => of(turn) === best);
        expect(has(most(ofHop, silence), silence)).toBe(true);
        expect(has(most(ofHop, length), length)).toBe(true);
      }
    }),
  );
});

const silence = ({ record }: TracedTurn): number => record.metrics.maxGapMs;
const length = ({ record }: TracedTurn): number => record.metrics.durationMs;
const most = (turns: readonly TracedTurn[], of: (turn: TracedTurn) => number): number => Math.max(-Infinity, ...turns.map(of));

function traced(hop: TracedTurn['record']['hop'], index: number, maxGapMs: number, durationMs: number): TracedTurn {
  const metrics = { ...new StreamMeter(0).finish(0, 'ok'), maxGapMs, durationMs };
  return { record: { index, hop, sentMs: index, metrics }, trace: createTracing().begin().take(0) };
}
