import { expect, test } from 'vitest';
import { summarize } from '../../../src/bench/figures/summarize.ts';
import { IDLE_CLIENT, runFacts, type StreamSketch, turnRecord } from '../../helpers/turn-record.ts';
import type { TurnRecord } from '../../../src/bench/run/turn-record.ts';

const run = runFacts();
const clients = [IDLE_CLIENT];
const sum = (turns: readonly TurnRecord[], facts = run) => summarize({ run: facts, clients, turns });
/** Numbered, and sent one after another. */
const turnsOf = (...list: readonly (readonly [Partial<TurnRecord>, StreamSketch?])[]): TurnRecord[] =>
  list.map(([facts, sketch], index) => turnRecord({ index, sentMs: index * 1_000, ...facts }, sketch));

test('times of a closed load are those since the turn was sent', () => {
  const turns = turnsOf(
    [{}, { headersMs: 5, readMs: [10, 40] }],
    [{}, { headersMs: 6, readMs: [20, 80] }],
    [{}, { headersMs: 7, readMs: [30, 120] }],
  );
  expect(sum(turns).groups).toMatchObject([
    {
      hop: 'api',
      class: 'warm',
      turns: 3,
      ok: 3,
      headers: { n: 3, p50: 6, max: 7 },
      ttfb: { n: 3, p50: 20, max: 30 },
      ttfe: { p50: 20 },
      ttft: { p50: 20 },
      duration: { p50: 80, max: 120 },
    },
  ]);
});

test('an open load counts every time from the plan, lateness and paces with it', () => {
  const turns = turnsOf(
    [
      { sentMs: 100, plannedMs: 100 },
      { headersMs: 5, readMs: [10, 40] },
    ],
    [
      { sentMs: 2_300, plannedMs: 200, latenessMs: 100, heldMs: 2_000 },
      { headersMs: 5, readMs: [10, 40] },
    ],
  );
  expect(sum(turns).groups[0]).toMatchObject({
    headers: { p50: 5, max: 2_105 },
    ttfb: { p50: 10, max: 2_110 },
    ttfe: { max: 2_110 },
    ttft: { max: 2_110 },
    duration: { p50: 40, max: 2_140 },
    // The silence was not in the stream.
    maxGap: { max: 30 },
  });
});

test('hops and classes are kept apart, in their order', () => {
  const facts = runFacts({ plan: { hops: ['agentcore', 'api'] } });
  const turns = turnsOf(
    [{ hop: 'api', class: 'warm' }],
    [{ hop: 'api', class: 'cold' }],
    [{ hop: 'agentcore', class: 'new-session' }],
    [{ hop: 'agentcore', class: 'resumed' }],
    [{ hop: 'api', class: 'warm' }],
  );
  const { groups } = sum(turns, facts);
  expect(groups.map((group) => [group.hop, group.class, group.turns])).toEqual([
    ['agentcore', 'new-session', 1],
    ['agentcore', 'resumed', 1],
    ['api', 'cold', 1],
    ['api', 'warm', 2],
  ]);
});

test('ok turns without text that is known are counted', () => {
  const turns = turnsOf([{}, {}], [{}, { readMs: [1] }], [{ outcome: 'empty' }, { readMs: [] }]);
  const silent = turns.map((turn) => ({ ...turn, metrics: { ...turn.metrics, textEvents: 0 } }));
  expect(sum(turns).counts).toMatchObject({ ok: 2, failed: 1, withoutText: 0 });
  expect(sum(silent).counts).toMatchObject({ ok: 2, failed: 1, withoutText: 2 });
});

test('times are those of the good turns, gaps those of every stream', () => {
  const turns = turnsOf(
    [{}, { readMs: [100, 200] }],
    [
      { outcome: 'reset', code: 'STREAM_CUT' },
      { readMs: [1, 5_001], endMs: 5_100 },
    ],
    [{ outcome: 'unfinished' }, { readMs: [2, 9_002], endMs: 9_500 }],
    [{ outcome: 'cancelled' }, { readMs: [2, 3] }],
    // A refusal has a body, but no stream; a stream in one read has no gap, but silences at both ends.
    [{ outcome: 'http-error', status: 429, code: 'THROTTLED' }, { readMs: [3, 60_000] }],
    [{ outcome: 'gateway-error', status: 502 }, { readMs: [3, 70_000] }],
    [{}, { readMs: [300] }],
  );
  const { groups, counts, silences } = sum(turns);
  expect(groups[0]).toMatchObject({
    turns: 7,
    ok: 2,
    ttfb: { n: 2, p50: 100, max: 300 },
    gap: { n: 4, max: 9_000 },
    contentGap: { n: 4, max: 9_000 },
    maxGap: { n: 5, p50: 300, max: 9_000 },
  });
  expect(counts).toEqual({ sent: 7, ok: 2, withoutText: 0, failed: 3, unfinished: 1, cancelled: 1, warmup: 0 });
  expect(silences).toMatchObject([
    { turn: 2, ms: 9_000, atMs: 2, after: 'text-delta', where: 'between-reads', endedBy: 'byte' },
    { turn: 1, ms: 5_000, atMs: 1, after: 'text-delta', where: 'between-reads', endedBy: 'byte' },
    { turn: 2, ms: 498, atMs: 9_002, after: 'text-delta', where: 'before-end', endedBy: 'cancelled' },
    { turn: 6, ms: 300, atMs: 0, after: 'none', where: 'before-first-byte', endedBy: 'byte' },
    { turn: 0, ms: 100, atMs: 0, after: 'none', where: 'before-first-byte', endedBy: 'byte' },
  ]);
});

test('heartbeats end a gap and no content gap', () => {
  const heartbeat = { type: 'heartbeat' } as const;
  const text = { type: 'text-delta', text: 'a' } as const;
  const turns = turnsOf([{}, { readMs: [10, 1_010, 2_010, 3_010], event: (at) => (at % 3 === 0 ? text : heartbeat) }]);
  expect(sum(turns).groups[0]).toMatchObject({ gap: { n: 3, max: 1_000 }, contentGap: { n: 1, max: 3_000 } });
  expect(sum(turns).headroom[0]).toMatchObject({ heartbeats: 2, longestContentGapMs: 3_000 });
});

test('only measured turns count', () => {
  const slow = { readMs: [9_000, 20_000] };
  const turns = turnsOf([{ phase: 'pilot' }, slow], [{ phase: 'warmup', outcome: 'idle-cut' }, slow], [{}, { readMs: [10, 20] }]);
  const { counts, groups, silences, outcomes, headroom } = sum(turns);
  expect(counts).toMatchObject({ sent: 1, ok: 1, failed: 0, warmup: 1 });
  expect(groups).toMatchObject([{ turns: 1, ttfb: { max: 10 } }]);
  expect(silences.map(({ ms }) => ms)).toEqual([10, 10, 0]);
  expect(outcomes).toMatchObject([{ outcome: 'ok', count: 1 }]);
  expect(headroom[0]).toMatchObject({ longestStreamMs: 20, idleCuts: 0 });
});

test('rates within a stream are counted from its first byte', () => {
  const readMs = Array.from({ length: 51 }, (_, index) => 400 + 20 * index);
  const turns = turnsOf([{}, { readMs, bytesPerRead: 100 }], [{}, { readMs: [10] }]);
  expect(sum(turns).groups[0]).toMatchObject({ eventsPerSecond: { n: 1, max: 50 }, bytesPerSecond: { n: 1, max: 5_100 } });
});

test('throughput: by the time of sending; of virtual users up to their last answer', () => {
  const tenAtOnce = Array.from({ length: 10 }, (_, index) =>
    turnRecord({ index, sentMs: 0 }, { readMs: [1_000, 2_000], bytesPerRead: 100 }),
  );
  expect(sum(tenAtOnce, runFacts({ sendingMs: 0 })).throughput).toEqual({
    turnsPerSecond: 5,
    eventsPerSecond: 10,
    bytesPerSecond: 1_000,
  });
  const planned = tenAtOnce.map((turn) => ({ ...turn, plannedMs: 0 }));
  const load = { model: 'open', arrival: 'constant', startLevel: 10, stages: [] } as const;
  const open = runFacts({ sendingMs: 1_000, plan: { load } });
  expect(sum(planned, open).throughput.turnsPerSecond).toBe(10);
  expect(sum([], runFacts({ sendingMs: 0 })).throughput.turnsPerSecond).toBe(0);
});

test('verdicts are counted by hop, with the worst of each', () => {
  const verdict = (name: 'streaming' | 'coalesced', eventsPerRead: number) => ({
    verdict: { name, eventsPerRead, coalesced: 0, firstLagMs: 0, medianLagMs: 0 },
  });
  const turns = turnsOf(
    [verdict('streaming', 1)],
    [verdict('coalesced', 2)],
    [verdict('coalesced', 6)],
    [verdict('streaming', 1.1)],
    [{}],
  );
  expect(sum(turns).verdicts).toMatchObject([
    { hop: 'api', name: 'streaming', count: 2, worst: { eventsPerRead: 1.1 } },
    { hop: 'api', name: 'coalesced', count: 2, worst: { eventsPerRead: 6 } },
  ]);
});

test('the rate of the throttle is that of the first stream that met it', () => {
  const throttled = (index: number, bytesPerMs: number): TurnRecord => {
    const readMs = Array.from({ length: 100 }, (_, read) => (read < 60 ? read : 60 + (read - 60) * (100_000 / bytesPerMs)));
    return turnRecord({ index, sentMs: index }, { readMs, bytesPerRead: 100_000 });
  };
  const { headroom } = sum([throttled(2, 1_900), throttled(1, 2_050)]);
  expect(headroom[0]?.bandwidth).toMatchObject({ throttled: 2, fromBytes: 6_000_000 });
  expect(headroom[0]?.bandwidth.bytesPerSecond).toBeCloseTo(2_050_000, 0);
});

test('how turns came out, with the limit that explains it', () => {
  const turns = turnsOf(
    [{}],
    [{ outcome: 'idle-cut', code: 'STREAM_CUT' }],
    [{ outcome: 'http-error', status: 429, code: 'THROTTLED' }],
    [{ outcome: 'http-error', status: 429, code: 'THROTTLED' }],
    [{ outcome: 'gateway-error', status: 429, code: 'HTTP_429' }],
    [{ outcome: 'reset', code: 'STREAM_CUT' }],
    [{ outcome: 'cap-cut', code: 'STREAM_CUT' }],
    [{ outcome: 'unfinished' }],
  );
  const { outcomes } = sum(turns);
  expect(outcomes[0]).toEqual({ hop: 'api', outcome: 'ok', status: 200, count: 1 });
  expect(outcomes[1]).toMatchObject({ outcome: 'http-error', code: 'THROTTLED', count: 2 });
  expect(outcomes[1]?.explanation).toContain('200 turns per second');
  const explained = Object.fromEntries(outcomes.map(({ outcome, explanation }) => [outcome, explanation]));
  expect(explained).toMatchObject({
    ok: undefined,
    reset: undefined,
    'idle-cut': expect.stringContaining('300 s of silence'),
    'cap-cut': expect.stringContaining('900 s'),
    'gateway-error': expect.stringContaining('usage plan'),
    unfinished: expect.stringContaining('still streaming'),
  });
});

test('turns sent at the same moment count in the order of their numbers, in whatever order they come', () => {
  /** 16 MB in reads of half a megabyte: 40 MB/s up to the knee, 2 MB/s behind it. */
  const throttledFrom = (knee: number): StreamSketch => {
    let at = 0;
    const readMs = Array.from({ length: 32 }, (_, index) => (at += (index + 1) * 500_000 > knee ? 250 : 12.5));
    return { readMs, bytesPerRead: 500_000 };
  };
  const turns = turnsOf([{ sentMs: 5 }, throttledFrom(10_000_000)], [{ sentMs: 5 }, throttledFrom(6_000_000)]);
  expect(sum(turns).headroom[0]?.bandwidth).toMatchObject({ throttled: 2, fromBytes: 10_000_000 });
  expect(sum(turns.toReversed())).toEqual(sum(turns));
});

test('failures of one status with different codes are counted apart', () => {
  const failed = (code: string) => [{ outcome: 'http-error', status: 502, code }] as const;
  const { outcomes } = sum(turnsOf(failed('AGENT_UNAVAILABLE'), failed('AGENT_ERROR'), failed('AGENT_ERROR')));
  expect(outcomes.map(({ code, count }) => [code, count])).toEqual([
    ['AGENT_ERROR', 2],
    ['AGENT_UNAVAILABLE', 1],
  ]);
});
