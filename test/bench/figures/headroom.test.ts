import { describe, expect, test } from 'vitest';
import { bandwidthOf, headroomOf, longestSilences } from '../../../src/bench/figures/headroom.ts';
import { type StreamSketch, turnRecord } from '../../helpers/turn-record.ts';

const LIMITS = { idleLimitMs: 300_000, streamLimitMs: 900_000 };
const silent = (ms: number, index = 0) => turnRecord({ index }, { readMs: [10, 10 + ms] });

test.each([
  [149_999, 'ok'],
  [150_000, 'half'],
  [239_999, 'half'],
  [240_000, 'near'],
  [300_000, 'reached'],
] as const)('a silence of %i ms of 300 s is %s', (ms, level) => {
  const found = headroomOf('api', [silent(5), silent(ms, 7), silent(6)], LIMITS);
  expect(found).toMatchObject({ idleLevel: level, longest: { turn: 7, ms, atMs: 10 } });
});

test.each([
  [449_999, 'ok'],
  [450_000, 'half'],
  [720_000, 'near'],
  [900_000, 'reached'],
] as const)('a stream of %i ms of 15 minutes is %s', (ms, streamLevel) => {
  const turn = turnRecord({}, { readMs: [10, ms] });
  expect(headroomOf('lambda', [turn], LIMITS)).toMatchObject({ longestStreamMs: ms, streamLevel });
});

test('the limits stand beside what was seen', () => {
  expect(headroomOf('api', [], LIMITS)).toMatchObject(LIMITS);
  expect(headroomOf('api', [], { streamLimitMs: 5 })).not.toHaveProperty('idleLimitMs');
});

test('silences are ordered by their length, then by when their turn was sent, its number and when they began', () => {
  const turn = (index: number, sentMs: number, ...readMs: readonly number[]) => turnRecord({ index, sentMs }, { readMs });
  const turns = [turn(4, 20, 0, 10), turn(3, 20, 0, 10, 20), turn(2, 30, 0, 10), turn(1, 40, 0, 11), turn(5, 10, 0, 10, 19)];
  const places = (count: number) => longestSilences(turns, count).map((silence) => [silence.turn, silence.ms, silence.atMs]);
  const all = [
    [1, 11, 0],
    [5, 10, 0],
    [3, 10, 0],
    [3, 10, 10],
    [4, 10, 0],
    [2, 10, 0],
    [5, 9, 10],
  ];
  expect([places(7), places(3)]).toEqual([all, all.slice(0, 3)]);
  expect(longestSilences(turns, 1)).toEqual([expect.objectContaining({ hop: 'api', turn: 1 })]);
});

test('a cut has reached its limit, whatever was seen before it', () => {
  const cut = (outcome: 'idle-cut' | 'cap-cut') =>
    headroomOf('api', [silent(5), turnRecord({ outcome }, { readMs: [10, 20], endMs: 30 })], LIMITS);
  expect(cut('idle-cut')).toMatchObject({ idleLevel: 'reached', idleCuts: 1, streamLevel: 'ok' });
  expect(cut('cap-cut')).toMatchObject({ streamLevel: 'reached', capCuts: 1, idleLevel: 'ok' });
});

test('without a limit there is no level, without a stream no silence', () => {
  expect(headroomOf('agentcore', [silent(9_999_999)], {})).not.toHaveProperty('idleLimitMs');
  expect(headroomOf('agentcore', [silent(9_999_999)], {}).idleLevel).toBe('ok');
  const refused = turnRecord({ outcome: 'http-error', status: 429 }, { readMs: [5, 600_000] });
  const found = headroomOf('api', [refused], LIMITS);
  expect(found).toMatchObject({ idleLevel: 'ok', longestStreamMs: 0 });
  expect(found).not.toHaveProperty('longest');
});

test('the p99 of the length is there from 100 streams on', () => {
  const streams = Array.from({ length: 100 }, (_, index) => turnRecord({}, { readMs: [1, 1_000 + index] }));
  expect(headroomOf('api', streams, LIMITS).durationP99Ms).toBe(1_098);
  expect(headroomOf('api', streams.slice(1), LIMITS)).not.toHaveProperty('durationP99Ms');
});

describe('bandwidth', () => {
  /** A stream of so many bytes, fast up to the knee and slow from there. */
  const curve = (bytes: number, { knee = Infinity, fast = 40_000_000, slow = 2_000_000 } = {}): StreamSketch => {
    const readMs: number[] = [];
    let at = 80;
    const bytesPerRead = 50_000;
    for (let came = bytesPerRead; came <= bytes; came += bytesPerRead) {
      at += (bytesPerRead / (came > knee ? slow : fast)) * 1_000;
      readMs.push(at);
    }
    return { readMs, bytesPerRead };
  };
  const bandwidth = (...sketches: readonly StreamSketch[]) =>
    bandwidthOf(
      sketches.map((sketch) => turnRecord({}, sketch).metrics),
      true,
    );

  test.each([
    [6_000_000, 2_000_000, 6_000_000],
    [6_291_456, 2_097_152, 6_000_000],
    [10_000_000, 2_000_000, 10_000_000],
    [10_485_760, 2_097_152, 10_000_000],
  ])('a bend at %i bytes to %i a second is found', (knee, slow, fromBytes) => {
    for (const bytes of [knee + 3_000_000, 60_000_000]) {
      const found = bandwidth(curve(1_000), curve(bytes, { knee, slow }));
      expect(found).toMatchObject({ throttled: 1, fromBytes, level: 'reached' });
      expect(found.bytesPerSecond).toBeGreaterThan(0.99 * slow);
      expect(found.bytesPerSecond).toBeLessThan(1.01 * slow);
    }
  });

  test('two megabytes past the knee are enough to tell', () => {
    expect(bandwidth(curve(8_000_000, { knee: 6_000_000 }))).toMatchObject({ throttled: 1 });
  });

  test.each([
    ['a fast stream', curve(30_000_000)],
    ['a slow agent', curve(30_000_000, { fast: 2_000_000 })],
    ['one that is slow from elsewhere', curve(30_000_000, { knee: 3_000_000 })],
    ['one that is slow from elsewhere, close behind the knee', curve(30_000_000, { knee: 7_500_000 })],
    ['another rate', curve(30_000_000, { knee: 10_000_000, slow: 4_000_000 })],
    ['one that stops right after the knee', curve(7_900_000, { knee: 6_000_000 })],
    [
      'a fast stream with a pause after the knee',
      { ...curve(30_000_000), readMs: (curve(30_000_000).readMs ?? []).map((at, index) => at + (index > 150 ? 12_000 : 0)) },
    ],
  ])('%s is not throttled', (_, sketch) => {
    expect(bandwidth(sketch)).toMatchObject({ throttled: 0 });
    expect(bandwidth(sketch)).not.toHaveProperty('fromBytes');
  });

  test('the level is that of the first of both limits; AgentCore has none', () => {
    expect(bandwidth(curve(2_900_000)).level).toBe('ok');
    expect(bandwidth(curve(3_000_000))).toMatchObject({ level: 'half', largestBytes: 3_000_000 });
    expect(bandwidth(curve(5_000_000)).level).toBe('near');
    const large = turnRecord({}, curve(20_000_000, { knee: 6_000_000 }));
    expect(headroomOf('agentcore', [large], {}).bandwidth).toEqual({ largestBytes: 20_000_000, level: 'ok', throttled: 0 });
  });
});
