import { expect, test } from 'vitest';
import { comparePercentiles, compareReports, type ComparisonRow } from '../../../src/bench/figures/compare-reports.ts';
import { type BenchReport, REPORT_SCHEMA } from '../../../src/bench/figures/report.ts';
import { createRandom } from '../../../src/bench/run/schedule.ts';
import { summarize } from '../../../src/bench/figures/summarize.ts';
import { IDLE_CLIENT, runFacts, turnRecord } from '../../helpers/turn-record.ts';
import type { TurnRecord } from '../../../src/bench/run/turn-record.ts';
import { comparisonDocument } from '../../../src/bench/report/comparison.ts';
import { renderDocument } from '../../../src/bench/report/terminal.ts';
import { PLAIN } from '../../helpers/plain-style.ts';
import { simulateRun } from '../../helpers/bench-report.ts';

function reportOf(
  turns: readonly TurnRecord[],
  facts: Parameters<typeof runFacts>[0] = {},
  clients: BenchReport['clients'] = [IDLE_CLIENT],
): BenchReport {
  const parts = { run: runFacts(facts), clients, turns };
  return { schema: REPORT_SCHEMA, ...parts, summary: summarize(parts) };
}

const like = turnRecord();
const empty = reportOf([]);

/** A run of turns with log-normal times. */
function skewed(n: number, random: () => number, factor = 1): BenchReport {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const turns = Array.from({ length: n }, (): TurnRecord => {
    const ttfbMs = factor * 300 * Math.exp(0.25 * normal());
    const maxGapMs = factor * 40 * Math.exp(0.25 * normal());
    const durationMs = ttfbMs + maxGapMs;
    const times = { ttfbMs, ttftMs: ttfbMs, maxGapMs, durationMs };
    return { ...like, metrics: { ...like.metrics, ...times } };
  });
  return { ...empty, turns };
}

const row = (rows: readonly ComparisonRow[], metric: string) => rows.find((one) => one.metric === metric);
const constant = (n: number, ms: number): TurnRecord[] =>
  Array.from({ length: n }, (_, index) => turnRecord({ index }, { readMs: [ms, 2 * ms] }));

const TRIES = 300;

test('two runs of the same are called different in at most 2 of 100 rows', () => {
  const random = createRandom(11);
  const called = new Map<string, number>();
  for (let seed = 0; seed < TRIES; seed += 1) {
    const [before, after] = [skewed(120, random), skewed(120, random)];
    for (const { metric, verdict } of compareReports(before, after, { seed }).rows) {
      const isCalled = verdict === 'worse' || verdict === 'better';
      called.set(metric, (called.get(metric) ?? 0) + (isCalled ? 1 : 0));
    }
  }
  expect([...called.keys()].sort()).toEqual([
    'duration p50',
    'duration p95',
    'maxGap p50',
    'ok',
    'ttfb p50',
    'ttfb p95',
    'ttft p50',
    'ttft p95',
  ]);
  for (const count of called.values()) expect(count).toBeLessThanOrEqual(0.02 * TRIES);
});

test('a shift of 15 % is found in more than 90 of 100 runs of 200 turns', () => {
  const random = createRandom(12);
  const ttfb = ({ turns }: BenchReport): Float64Array => Float64Array.from(turns, ({ metrics }) => metrics.ttfbMs ?? 0).sort();
  const found = { worse: 0, better: 0, 'no difference shown': 0, 'cannot judge': 0 };
  for (let seed = 0; seed < TRIES; seed += 1) {
    const [fast, slow] = [ttfb(skewed(200, random)), ttfb(skewed(200, random, 1.15))];
    const dismiss = (before: number, size: number) => (size < 0.05 * before ? 'small' : undefined);
    const rules = { dismiss, seed };
    found[comparePercentiles(fast, slow, 50, rules).verdict] += 1;
    found[comparePercentiles(slow, fast, 50, rules).verdict] += 1;
  }
  expect(found.worse).toBeGreaterThan(0.9 * TRIES);
  expect(found.better).toBeGreaterThan(0.9 * TRIES);
});

test('a run compared with itself shows no difference in any row, and no row gives a reason', () => {
  const report = reportOf(constant(200, 100));
  for (const { metric, difference, verdict, reason } of compareReports(report, report).rows) {
    expect([metric, difference, verdict, reason]).toEqual([metric, 0, 'no difference shown', undefined]);
  }
});

test('a change that is sure and small is not called one', () => {
  const after = reportOf(constant(200, 104));
  const small = compareReports(reportOf(constant(200, 100)), after);
  expect(row(small.rows, 'ttfb p50')).toEqual({
    hop: 'api',
    class: 'warm',
    metric: 'ttfb p50',
    unit: 'ms',
    nBefore: 200,
    nAfter: 200,
    before: 100,
    after: 104,
    difference: 4,
    low: 4,
    high: 4,
    verdict: 'no difference shown',
    reason: 'less than 5 % of before',
  });
  expect(small.verdict).toBe('no difference shown');
  const strict = compareReports(reportOf(constant(200, 100)), after, { minEffect: 0.03 });
  expect(strict.verdict).toBe('worse');
});

test('nor is one within twice the noise of either client', () => {
  const noiseFloor = { events: 9, stampErrorP50Ms: 0.1, stampErrorP99Ms: 4, ttfbP50Ms: 1 };
  const before = reportOf(constant(200, 10));
  const ttfb = (after: BenchReport) => row(compareReports(before, after).rows, 'ttfb p50');
  expect(ttfb(reportOf(constant(200, 17)))?.verdict).toBe('worse');
  expect(ttfb(reportOf(constant(200, 17), { noiseFloor }))).toMatchObject({
    verdict: 'no difference shown',
    low: 7,
    reason: 'within twice the noise floor of 4.0 ms',
  });
  expect(ttfb(reportOf(constant(200, 19), { noiseFloor }))?.verdict).toBe('worse');
});

test('fewer than twenty turns are not judged, and p95 needs a hundred', () => {
  const { rows, verdict } = compareReports(reportOf(constant(19, 10)), reportOf(constant(500, 99)));
  expect(rows.map((one) => [one.metric, one.verdict])).toEqual([
    ['ttfb p50', 'cannot judge'],
    ['ttft p50', 'cannot judge'],
    ['duration p50', 'cannot judge'],
    ['maxGap p50', 'cannot judge'],
    ['ok', 'cannot judge'],
  ]);
  expect(verdict).toBe('cannot judge');
  const metrics = (n: number) => compareReports(reportOf(constant(n, 10)), reportOf(constant(n, 10))).rows.length;
  expect([metrics(20), metrics(99), metrics(100)]).toEqual([5, 5, 8]);
});

test('good turns that are fewer are worse, from a point on', () => {
  const failing = (n: number, failed: number) =>
    reportOf(constant(n, 100).map((turn, index) => (index < failed ? { ...turn, outcome: 'reset' as const } : turn)));
  const ok = (before: BenchReport, after: BenchReport) => row(compareReports(before, after).rows, 'ok');
  expect(ok(failing(500, 0), failing(500, 20))).toMatchObject({ unit: 'share', before: 1, after: 0.96, verdict: 'worse' });
  expect(ok(failing(500, 20), failing(500, 0))?.verdict).toBe('better');
  expect(ok(failing(500, 0), failing(500, 2))?.verdict).toBe('no difference shown');
  expect(ok(failing(5_000, 0), failing(5_000, 45))?.verdict).toBe('no difference shown');
});

test('the seed alone decides what is drawn', () => {
  const random = createRandom(5);
  const [before, after] = [skewed(120, random), skewed(120, random)];
  const rows = (options?: { seed: number }) => compareReports(before, after, options).rows;
  expect(rows()).toEqual(rows({ seed: 1 }));
  expect(row(rows(), 'ttfb p50')?.low).not.toBe(row(rows({ seed: 2 }), 'ttfb p50')?.low);
});

test('what only one run has cannot be judged; a silence counts however its stream ended', () => {
  const cut = turnRecord({ index: 30, outcome: 'reset', class: 'cold' }, { readMs: [10, 20] });
  const cold = turnRecord({ index: 31, class: 'cold' }, { readMs: [10, 25] });
  const { rows, verdict } = compareReports(reportOf(constant(30, 100)), reportOf([...constant(30, 50), cut, cold]));
  const ofCold = rows.filter((one) => one.class === 'cold').map(({ metric, nBefore, nAfter }) => [metric, nBefore, nAfter]);
  expect(ofCold).toEqual([
    ['ttfb p50', 0, 1],
    ['ttft p50', 0, 1],
    ['duration p50', 0, 1],
    ['maxGap p50', 0, 2],
  ]);
  expect(rows.find((one) => one.class === 'cold')).not.toHaveProperty('before');
  expect(row(rows, 'ok')).toMatchObject({ nBefore: 30, nAfter: 32, before: 1, after: 31 / 32 });
  expect(verdict).toBe('better');
});

test.each([
  [0, 1, undefined, 1],
  [1, 0, 1, undefined],
  [1, 1, 1, 1],
])('the share of good turns of %i and %i turns', (nBefore, nAfter, before, after) => {
  const { rows } = compareReports(reportOf(constant(nBefore, 10)), reportOf(constant(nAfter, 10)));
  expect(row(rows, 'ok')).toEqual({
    hop: 'api',
    metric: 'ok',
    unit: 'share',
    nBefore,
    nAfter,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(nBefore === nAfter && { difference: 0, low: 0, high: 0, reason: 'fewer than 20 turns' }),
    verdict: 'cannot judge',
  });
});

test('one row that is worse is not made up for by others', () => {
  const shifted = constant(200, 100).map((turn) => ({ ...turn, metrics: { ...turn.metrics, ttfbMs: 200, durationMs: 100 } }));
  const { rows, verdict } = compareReports(reportOf(constant(200, 100)), reportOf(shifted));
  expect(row(rows, 'duration p50')?.verdict).toBe('better');
  expect(verdict).toBe('worse');
});

test('a run that is not valid is not compared', () => {
  const busy = reportOf(constant(200, 500), {}, [{ ...IDLE_CLIENT, busy: 0.99 }]);
  const idle = reportOf(constant(200, 100));
  expect(compareReports(busy, idle)).toMatchObject({
    verdict: 'cannot judge',
    notes: [expect.stringMatching(/^the first run is not valid: .* busy 99\.0 %/)],
  });
  const { verdict, notes, rows } = compareReports(idle, busy);
  expect(verdict).toBe('cannot judge');
  expect(notes[0]).toMatch(/^the second run is not valid: .* busy 99\.0 %/);
  expect(new Set(rows.map((one) => one.verdict))).toEqual(new Set(['cannot judge']));
  expect(row(rows, 'ttfb p50')?.difference).toBe(400);
});

test.each([
  ['virtual users', { startLevel: 8 }],
  ['turns per second', { model: 'open' }],
  ['stages', { stages: [{ durationMs: 1_000, level: 9 }] }],
] as const)('runs of different loads are compared by force only: %s', (_what, load) => {
  const plan = { load: { ...runFacts().plan.load, ...load } };
  const [before, after] = [reportOf(constant(200, 100)), reportOf(constant(200, 500), { plan })];
  const { verdict, notes, rows } = compareReports(before, after);
  expect([verdict, notes[0]]).toEqual(['cannot judge', 'the runs have different loads; --force compares them']);
  expect(new Set(rows.map((one) => one.verdict))).toEqual(new Set(['cannot judge']));
  expect(compareReports(before, after, { force: true }).verdict).toBe('worse');
});

test('how long a load lasted, or how many turns it took, makes no other load of it', () => {
  const lasting = (durationMs: number) => ({ plan: { load: { ...runFacts().plan.load, stages: [{ durationMs, level: 1 }] } } });
  const after = reportOf(constant(200, 500), lasting(9_000));
  expect(compareReports(reportOf(constant(200, 100), lasting(5_000)), after).verdict).toBe('worse');
});

test('what is shown as nothing has no sign', () => {
  const faster = constant(200, 100).map((turn) => ({ ...turn, metrics: { ...turn.metrics, ttfbMs: 99.99 } }));
  const comparison = compareReports(reportOf(constant(200, 100)), reportOf(faster));
  const shown = renderDocument(comparisonDocument(comparison), { columns: 200, style: PLAIN });
  expect(shown).toMatch(/ttfb p50 .* 0\.0 ms \[0\.0 ms, 0\.0 ms\] +no difference shown: less than 5 % of before/);
  expect(shown).not.toMatch(/[-+]0\.0/);
});

test('only measured turns are compared', () => {
  const slow = constant(200, 900).map((turn, index) => ({
    ...turn,
    phase: index % 2 === 0 ? ('pilot' as const) : ('warmup' as const),
  }));
  const { rows, verdict } = compareReports(reportOf(constant(30, 100)), reportOf([...slow, ...constant(30, 100)]));
  expect(verdict).toBe('no difference shown');
  expect(rows.map(({ nAfter }) => nAfter)).toEqual(rows.map(() => 30));
});

test('hops and classes are compared each with its own, what differs by intent is said', () => {
  const before = simulateRun({ rounds: 60, hops: ['api', 'agentcore'] });
  const after = simulateRun({ rounds: 60, hops: ['api', 'lambda'], seed: 8 });
  const { rows, notes } = compareReports(before, after);
  expect(new Set(rows.map(({ hop }) => hop))).toEqual(new Set(['api']));
  expect(new Set(rows.map((one) => one.class))).toEqual(new Set(['cold', 'new-session', 'warm', undefined]));
  expect(notes).toContain('the runs differ in hops: ["api","agentcore"] and ["api","lambda"]');
  expect(compareReports(before, before)).toMatchObject({ verdict: 'no difference shown', notes: [] });
});
