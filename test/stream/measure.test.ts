import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { GapRecorder } from '../../src/stream/distribution.ts';
import { StreamMeter } from '../../src/stream/measure.ts';
import type { Outcome } from '../../src/stream/outcome.ts';
import { describeSilence } from '../../src/stream/silence.ts';

const text = (value: string) => ({ type: 'text-delta', text: value }) as const;

test('keeps headers, first byte, first event and first text apart', () => {
  const meter = new StreamMeter(1_000);
  meter.headers(1_010);
  meter.read(1_020, 14);
  meter.events(1_020, [{ type: 'heartbeat' }]);
  meter.read(1_050, 30);
  meter.events(1_050, [{ type: 'data', event: 'message', data: '{}' }]);
  meter.events(1_050, [text('')]);
  meter.read(1_055, 10);
  meter.events(1_055, [{ type: 'reasoning-delta', text: 'hm' }]);
  meter.events(1_055, [{ type: 'tool-start', name: 'search' }]);
  meter.read(1_070, 20);
  meter.events(1_070, [{ type: 'usage', outputTokens: 1 }, text('hi')]);
  expect(meter.finish(1_075, 'ok')).toEqual({
    outcome: 'ok',
    headersMs: 10,
    ttfbMs: 20,
    ttfeMs: 50,
    firstReasoningMs: 55,
    firstToolMs: 55,
    ttftMs: 70,
    lastByteMs: 70,
    durationMs: 75,
    maxGapMs: 30,
    maxGapAtMs: 20,
    gaps: {
      histogram: { count: 3, maxMs: 30, buckets: expect.any(Array) },
      top: [
        { ms: 30, atMs: 20, after: 'heartbeat', where: 'between-reads', endedBy: 'byte' },
        { ms: 20, atMs: 0, after: 'none', where: 'before-first-byte', endedBy: 'byte' },
        { ms: 15, atMs: 55, after: 'tool-start', where: 'between-reads', endedBy: 'byte' },
        { ms: 5, atMs: 50, after: 'text-delta', where: 'between-reads', endedBy: 'byte' },
        { ms: 5, atMs: 70, after: 'text-delta', where: 'before-end', endedBy: 'end' },
      ],
    },
    maxContentGapMs: 15,
    contentGaps: { count: 2, maxMs: 15, buckets: expect.any(Array) },
    reads: 4,
    bytes: 74,
    megabyteMs: [],
    events: 5,
    heartbeats: 1,
    textEvents: 1,
  });
});

test('a gap is between two reads, whatever was in them', () => {
  const meter = new StreamMeter(0);
  for (const at of [100, 110, 300, 400]) meter.read(at, 1);
  expect(meter.finish(500, 'ok')).toMatchObject({
    maxGapMs: 190,
    maxGapAtMs: 110,
    gaps: { histogram: { count: 3, maxMs: 190 } },
  });
});

/** Where the longest silence was, and how it ended, of a stream that was read at these times. */
const longest = (readMs: readonly number[], endMs: number, outcome: Outcome, idleLimitMs?: number) => {
  const meter = new StreamMeter(0);
  for (const at of readMs) {
    meter.read(at, 1);
    meter.events(at, [text('x')]);
  }
  const { gaps, maxGapMs, maxGapAtMs, durationMs } = meter.finish(endMs, outcome, idleLimitMs);
  const [silence] = gaps.top;
  if (!silence) throw new Error('there is always one');
  expect(silence).toMatchObject({ ms: maxGapMs, atMs: maxGapAtMs });
  return [maxGapMs, describeSilence(silence), durationMs];
};

test.each([
  ['a byte', [900, 1_000], 1_100, 'ok', 'before the first byte', 900],
  ['a byte', [100, 1_000], 1_100, 'ok', 'after text-delta', 900],
  ['a clean end', [100, 200], 3_200, 'ok', 'before the end', 3_000],
  ['a clean end', [], 700, 'ok', 'before the end', 700],
  ['a cut', [100, 200], 3_200, 'reset', 'after text-delta, ended by a cut', 3_000],
  ['a cut', [], 700, 'reset', 'before the first byte, ended by a cut', 700],
  ['a cut', [100], 900, 'cap-cut', 'after text-delta, ended by a cut', 800],
  ['the limit of this client', [100], 900, 'client-timeout', "after text-delta, ended by this client's own limit", 800],
  ['a cancellation', [100], 900, 'cancelled', 'after text-delta, ended by cancelling', 800],
] as const)('%s ends the longest silence of reads at %j until %i ms (%s): %s', (_, readMs, endMs, outcome, words, ms) => {
  expect(longest(readMs, endMs, outcome)).toEqual([ms, words, endMs]);
});

test('a silence that the idle limit cut counts at least the limit', () => {
  expect(longest([100], 5_050, 'idle-cut', 5_000)).toEqual([5_000, 'after text-delta, ended by a cut', 5_100]);
  expect(longest([100], 5_400, 'idle-cut', 5_000)[0]).toBe(5_300);
  expect(longest([], 4_900, 'idle-cut', 5_000)).toEqual([5_000, 'before the first byte, ended by a cut', 5_000]);
  expect(longest([100], 600, 'ok', 5_000)[0]).toBe(500);
});

test('of equal gaps the first is the longest', () => {
  const meter = new StreamMeter(0);
  for (const at of [0, 10, 20, 30, 40, 50, 60, 70]) meter.read(at, 1);
  const { gaps, maxGapAtMs } = meter.finish(70, 'ok');
  expect(maxGapAtMs).toBe(0);
  expect(gaps.top.map(({ atMs }) => atMs)).toEqual([0, 10, 20, 30, 40]);
});

test('a heartbeat ends a gap but no content gap', () => {
  const meter = new StreamMeter(0);
  const arrive = (at: number, event: AgentEvent): void => {
    meter.read(at, 1);
    meter.events(at, [event]);
  };
  arrive(100, text('a'));
  arrive(200, { type: 'heartbeat' });
  arrive(300, text('b'));
  expect(meter.finish(300, 'ok')).toMatchObject({ maxGapMs: 100, maxContentGapMs: 200 });
});

test('an event with reasoning and text in it is one piece of content', () => {
  const meter = new StreamMeter(0);
  for (const at of [100, 400]) {
    meter.read(at, 1);
    meter.events(at, [{ type: 'reasoning-delta', text: 'hm' }, text('a')]);
  }
  const { contentGaps, maxContentGapMs } = meter.finish(400, 'ok');
  expect([contentGaps.count, contentGaps.maxMs, maxContentGapMs]).toEqual([1, 300, 300]);
});

test('the byte curve tells when each whole megabyte had come', () => {
  const meter = new StreamMeter(1_000);
  const sizes = [999_999, 1, 1_500_000, 2_499_999, 1, 10];
  for (const [index, size] of sizes.entries()) meter.read(1_010 + index, size);
  expect(meter.finish(1_020, 'ok').megabyteMs).toEqual([11, 12, 13, 13, 14]);
});

test.each(['reset', 'cancelled', 'idle-cut', 'client-timeout'] as const)(
  'what was broken off (%s) lasted until that was known',
  (outcome) => {
    const meter = new StreamMeter(0);
    meter.read(5, 1);
    expect(meter.finish(7, outcome)).toMatchObject({ outcome, durationMs: 7, reads: 1 });
  },
);

const arrival = fc.record({
  gapMs: fc.double({ min: 0, max: 1_000, noNaN: true }),
  bytes: fc.oneof(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: 1, max: 3_000_000 })),
  events: fc.array(
    fc.oneof(
      fc.constantFrom<AgentEvent>(
        { type: 'heartbeat' },
        { type: 'error', message: 'no' },
        { type: 'tool-start', name: 't' },
        { type: 'reasoning-delta', text: 'r' },
        { type: 'data', event: 'message', data: '' },
      ),
      fc.constantFrom(text(''), text('x')),
    ),
    { maxLength: 4 },
  ),
});

const isContent = (event: AgentEvent): boolean =>
  event.type === 'tool-start' || event.type === 'reasoning-delta' || (event.type === 'text-delta' && event.text !== '');

const histogramOf = (values: readonly number[]) => {
  const recorder = new GapRecorder();
  for (const value of values) recorder.record(value);
  return recorder.snapshot();
};

test('metrics fit together, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 60 }), fc.nat(2_000), (arrivals, tailMs) => {
      const meter = new StreamMeter(0);
      meter.headers(0);
      const gaps: number[] = [];
      const silences: number[] = [];
      const contentAt: number[] = [];
      const megabyteMs: number[] = [];
      let bytesSoFar = 0;
      let at = 0;
      for (const [index, { gapMs, bytes, events }] of arrivals.entries()) {
        const lastAt = at;
        at += gapMs;
        if (index > 0) gaps.push(at - lastAt);
        silences.push(at - lastAt);
        meter.read(at, bytes);
        for (const event of events) {
          meter.events(at, [event]);
          if (isContent(event)) contentAt.push(at);
        }
        const before = Math.floor(bytesSoFar / 1_000_000);
        bytesSoFar += bytes;
        for (let mark = before; mark < Math.floor(bytesSoFar / 1_000_000); mark += 1) {
          megabyteMs.push(at);
        }
      }
      const contentGaps = contentAt.slice(1).map((one, place) => one - (contentAt[place] ?? 0));
      const endMs = at + tailMs;
      silences.push(endMs - at);
      const metrics = meter.finish(endMs, 'ok');
      const all = arrivals.flatMap(({ events }) => events);
      const { ttfbMs, ttfeMs, ttftMs, durationMs } = metrics;
      for (const [early, late] of [
        [ttfbMs, ttfeMs],
        [ttfeMs, ttftMs],
        [ttfeMs, metrics.firstToolMs],
        [ttftMs ?? ttfeMs ?? ttfbMs, durationMs],
      ]) {
        if (early !== undefined && late !== undefined) expect(early).toBeLessThanOrEqual(late);
      }
      expect(metrics.maxGapMs).toBe(Math.max(...silences));
      expect(durationMs).toBe(endMs);
      expect(metrics.gaps.histogram.count).toBe(Math.max(0, metrics.reads - 1));
      expect(metrics.gaps.histogram.buckets.reduce((sum, [, held]) => sum + held, 0)).toBe(gaps.length);
      expect(metrics.gaps.top.map(({ ms }) => ms)).toEqual(silences.toSorted((a, b) => b - a).slice(0, 5));
      expect(metrics.events + metrics.heartbeats).toBe(all.length);
      expect(metrics.textEvents).toBeLessThanOrEqual(metrics.events);
      expect(metrics.bytes).toBe(arrivals.reduce((sum, { bytes }) => sum + bytes, 0));
      expect(metrics.maxContentGapMs).toBe(Math.max(0, ...contentGaps));
      expect(metrics.contentGaps).toEqual(histogramOf(contentGaps));
      expect(metrics.gaps.histogram).toEqual(histogramOf(gaps));
      expect(metrics.megabyteMs).toEqual(megabyteMs);
      expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
    }),
  );
});
