import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeProbe, type ProbeArrival } from '../../../src/bench/run/judge-probe.ts';
import { cases } from '../../helpers/properties.ts';

interface Sender {
  readonly count: number;
  readonly intervalMs: number;
  /** Of the way, for each event: a share of the interval. */
  readonly jitter: readonly number[];
  /** What the sender's clock is ahead of ours. */
  readonly clockMs: number;
  readonly firstDelayMs: number;
}

/** A sender on time and a way that is never late by a quarter of its interval. */
const anySender = ({ count = { min: 12, max: 80 }, leastMs = 4 } = {}): fc.Arbitrary<Sender> =>
  fc
    .integer(count)
    .chain((events) =>
      fc.record({
        count: fc.constant(events),
        intervalMs: fc.double({ min: leastMs, max: 2_000, noNaN: true }),
        jitter: fc.array(fc.double({ min: 0, max: 0.24, noNaN: true }), { minLength: events, maxLength: events }),
        clockMs: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        firstDelayMs: fc.constantFrom(0, 700),
      }),
    );

/** @param heldUntil when an event goes out that was sent at its place, in intervals; together with others, in one read */
function arrivals(sender: Sender, heldUntil: (index: number) => number): ProbeArrival[] {
  const { count, intervalMs, jitter, clockMs, firstDelayMs } = sender;
  const reads = new Map<number, number>();
  return Array.from({ length: count }, (_, index) => {
    const sentMs = firstDelayMs + index * intervalMs;
    const flush = heldUntil(index);
    const wayMs = 35 + (jitter[index] ?? 0) * intervalMs;
    const atMs = reads.get(flush) ?? firstDelayMs + flush * intervalMs + wayMs + clockMs;
    reads.set(flush, atMs);
    return { index, sentMs, atMs };
  });
}

test('events that come as they are sent are streaming', () => {
  fc.assert(
    fc.property(anySender(), (sender) => {
      const verdict = judgeProbe(arrivals(sender, (index) => index));
      expect(verdict).toMatchObject({ name: 'streaming', eventsPerRead: 1, coalesced: 0 });
      expect(verdict?.firstLagMs).toBeLessThan(sender.intervalMs / 4);
    }),
    { numRuns: cases(500) },
  );
});

test('a body that comes at its end is buffered, also when it needs some reads', () => {
  fc.assert(
    fc.property(anySender(), fc.integer({ min: 1, max: 5 }), (sender, reads) => {
      const { count, intervalMs } = sender;
      const last = arrivals(sender, () => count - 1);
      const step = (0.08 * count * intervalMs) / reads / 2;
      const size = Math.ceil(count / reads);
      const events = last.map((event) => ({ ...event, atMs: event.atMs + step * Math.floor(event.index / size) }));
      const verdict = judgeProbe(events);
      expect(verdict?.name).toBe('buffered');
      expect(verdict?.firstLagMs).toBeGreaterThan(0.8 * (count - 1) * intervalMs);
    }),
    { numRuns: cases(500) },
  );
});

test('events that are gathered are coalesced, and so many a read', () => {
  const grouped = anySender()
    .chain((sender) => fc.tuple(fc.constant(sender), fc.integer({ min: 2, max: Math.floor(sender.count / 3) })))
    .filter(([{ count }, size]) => count % size !== 1 || size > 2);
  fc.assert(
    fc.property(grouped, fc.boolean(), ([sender, size], inSeveralReads) => {
      const { count, intervalMs } = sender;
      // Flushed when it is full, or at the end.
      const events = arrivals(sender, (index) => Math.min(index - (index % size) + size - 1, count - 1)).map((event) =>
        inSeveralReads ? { ...event, atMs: event.atMs + (0.09 * intervalMs * (event.index % size)) / size } : event,
      );
      const verdict = judgeProbe(events);
      expect(verdict?.name).toBe('coalesced');
      expect(verdict?.eventsPerRead).toBeCloseTo(count / Math.ceil(count / size), 6);
      expect(verdict?.coalesced).toBeCloseTo(1 - (Math.ceil(count / size) - 1) / (count - 1), 6);
    }),
    { numRuns: cases(500) },
  );
});

test('a first flush that waits is late, whatever number of events it holds', () => {
  const late = anySender({ leastMs: 30 }).chain((sender) =>
    // From clearly late to well before the end.
    fc.tuple(fc.constant(sender), fc.double({ min: 0.95, max: 0.7 * sender.count, noNaN: true })),
  );
  fc.assert(
    fc.property(late, ([sender, until]) => {
      const events = arrivals(sender, (index) => Math.max(index, until)).map((event, index, all) => ({
        ...event,
        // In order, as a stream is.
        atMs: Math.max(event.atMs, ...all.slice(0, index).map(({ atMs }) => atMs)),
      }));
      const verdict = judgeProbe(events);
      expect(verdict?.name).toBe('late first flush');
      expect(verdict?.firstLagMs).toBeGreaterThan((until - 0.25) * sender.intervalMs);
    }),
    { numRuns: cases(500) },
  );
});

test('a write that goes out with the next one is a late first flush, and the median tells', () => {
  fc.assert(
    fc.property(anySender({ leastMs: 30 }), (sender) => {
      const { count, intervalMs } = sender;
      const verdict = judgeProbe(arrivals(sender, (index) => Math.min(index + 1, count - 1)));
      expect(verdict?.name).toBe('late first flush');
      expect(verdict?.medianLagMs).toBeGreaterThan(0.75 * intervalMs);
      expect(verdict?.medianLagMs).toBeLessThan(1.25 * intervalMs);
    }),
    { numRuns: cases(500) },
  );
});

test('events that were sent together may come together', () => {
  // Pairs, 100 ms apart.
  const events = Array.from({ length: 20 }, (_, index) => {
    const sentMs = 100 * Math.floor(index / 2) + 0.2 * (index % 2);
    return { index, sentMs, atMs: 100 * Math.floor(index / 2) + 31 };
  });
  expect(judgeProbe(events)).toMatchObject({ name: 'streaming', eventsPerRead: 1 });
});

test('one stall on the way does not make a stream a coalesced one', () => {
  const events = Array.from({ length: 30 }, (_, index) => {
    const sentMs = index * 50;
    return { index, sentMs, atMs: index >= 10 && index < 15 ? 14 * 50 + 5 : sentMs + 5 };
  });
  expect(judgeProbe(events)).toMatchObject({ name: 'streaming', coalesced: 4 / 29 });
});

test('nothing is said of what the sender has not spaced', () => {
  expect(judgeProbe([])).toBeUndefined();
  expect(judgeProbe([{ index: 0, sentMs: 0, atMs: 9 }])).toBeUndefined();
  const burst = Array.from({ length: 20 }, (_, index) => ({ index, sentMs: index, atMs: 40 }));
  expect(judgeProbe(burst)).toBeUndefined();
});
