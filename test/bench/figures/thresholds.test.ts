import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeThresholds } from '../../../src/bench/figures/judge-thresholds.ts';
import { parseThreshold } from '../../../src/bench/figures/threshold.ts';
import { summarize } from '../../../src/bench/figures/summarize.ts';
import { turnsForThresholds } from '../../../src/bench/figures/threshold-needs.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { cases } from '../../helpers/properties.ts';
import { IDLE_CLIENT, runFacts, turnRecord } from '../../helpers/turn-record.ts';
import type { TurnRecord } from '../../../src/bench/run/turn-record.ts';

test('without thresholds any number of turns will do', () => {
  expect(turnsForThresholds([], loadPlan())).toBe(0);
});

describe('parsing', () => {
  test.each([
    ['ttfb.p95<800ms', { metric: 'ttfb', aggregate: 'p95' }, '<', 800, 'ms'],
    ['maxGap<60s', { metric: 'maxGap', aggregate: 'max' }, '<', 60, 's'],
    [' contentGap.p50 <= 0.5 m ', { metric: 'contentGap', aggregate: 'p50' }, '<=', 0.5, 'm'],
    ['eventsPerSecond>=40', { metric: 'eventsPerSecond', aggregate: 'p50' }, '>=', 40, ''],
    ['bytesPerSecond.max>1.5', { metric: 'bytesPerSecond', aggregate: 'max' }, '>', 1.5, ''],
    ['ok>=99.5%', { metric: 'ok' }, '>=', 99.5, '%'],
    ['cost.perGoodStream<0.01', { metric: 'cost.perGoodStream' }, '<', 0.01, ''],
  ])('%s', (text, subject, operator, bound, unit) => {
    const parsed = parseThreshold(text);
    expect(parsed).toMatchObject({ text, subject, operator, bound, unit, hops: [], classes: [] });
  });

  test('hops and classes in any order', () => {
    expect(parseThreshold('ttft{warm, api,agentcore,new-session}.p50<1s')).toMatchObject({
      hops: ['api', 'agentcore'],
      classes: ['new-session', 'warm'],
    });
  });

  test.each([
    '',
    'ttfb',
    'ttfb<',
    'ttfb<800%',
    'ttfb<-1ms',
    'ttfb=800ms',
    'ttfb<800msx',
    'ttfb.p96<800ms',
    'ttfb.avg<800ms',
    'ttfb{hot}<800ms',
    'ttfb{}<800ms',
    'ttfb{api<800ms',
    'latency<800ms',
    'ok.p95>=99%',
    'eventsPerSecond>40ms',
    'cost.perGoodStream<1%',
    'cost.perGoodStream{api}<1',
    'cost<1',
    'toString<1ms',
  ])('%j is refused, with an example', (text) => {
    expect(() => parseThreshold(text)).toThrow(
      expect.objectContaining({
        code: 'INVALID_THRESHOLD',
        message: `not a threshold: ${text}`,
        hint: expect.stringContaining('ttfb{api,warm}.p95<800ms'),
      }),
    );
  });

  test.each([
    ['ttfb.p95<800', '800 what? the threshold ttfb.p95<800 has no unit', 'ms, s or m, such as ttfb.p95<800ms'],
    ['ok >= 0.99', '0.99 what? the threshold ok >= 0.99 has no unit', 'percent, such as ok >= 0.99%'],
  ])('%j is asked for its unit', (text, message, advice) => {
    expect(() => parseThreshold(text)).toThrow(expect.objectContaining({ code: 'INVALID_THRESHOLD', message, hint: advice }));
  });
});

const METRICS = [
  {
    metrics: ['ttfb', 'ttft', 'duration', 'gap', 'contentGap', 'maxGap'],
    aggregates: ['', '.p50', '.p95', '.p99', '.max'],
    units: ['ms', 's', 'm'],
  },
  { metrics: ['eventsPerSecond', 'bytesPerSecond'], aggregates: ['', '.p50', '.max'], units: [''] },
  { metrics: ['ok', 'failed', 'unfinished', 'headroom', 'streaming'], aggregates: [''], units: ['%'] },
];
const space = fc.constantFrom('', ' ', '  ');
const operator = fc.constantFrom('<', '<=', '>', '>=');
const group = fc.subarray(['api', 'lambda', 'agentcore', 'warm', 'cold', 'new-session']);
/** A threshold, and a function that writes it with another operator or bound. */
const known = fc
  .constantFrom(...METRICS)
  .chain(({ metrics, aggregates, units }) =>
    fc
      .record({
        metric: fc.constantFrom(...metrics),
        aggregate: fc.constantFrom(...aggregates),
        unit: fc.constantFrom(...units),
        names: group,
        gap: space,
      })
      .map(({ metric, aggregate, unit, names, gap }) => ({
        unit,
        names,
        metric,
        write: (sign: string, bound: number) =>
          `${metric}${names.length > 0 ? `{${names.join(`,${gap}`)}}` : ''}${aggregate}${gap}${sign}${gap}${bound}${gap}${unit}`,
      })),
  );
const bound = fc.integer({ min: 0, max: 400_000 }).map((n) => n / 100);

test('any threshold is read as it was meant, and any text is one or is refused', () => {
  fc.assert(
    fc.property(
      known,
      operator,
      bound,
      fc.nat(),
      fc.constantFrom('', '{', '}', '.', '%', '<', ' ', '0', 'x', '\n'),
      (threshold, sign, value, at, junk) => {
        const text = threshold.write(sign, value);
        const { hops, classes, ...read } = parseThreshold(text);
        expect(read).toMatchObject({
          text,
          operator: sign,
          bound: value,
          unit: threshold.unit,
          subject: { metric: threshold.metric },
        });
        expect(new Set([...hops, ...classes])).toEqual(new Set(threshold.names));
        const place = at % text.length;
        const other = text.slice(0, place) + junk + text.slice(place + 1);
        try {
          expect(parseThreshold(other).bound).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UsageError', code: 'INVALID_THRESHOLD' });
        }
      },
    ),
    { numRuns: cases(10_000) },
  );
});

const clients = [IDLE_CLIENT];
const run = runFacts({ plan: { hops: ['api', 'lambda'] } });
const judge = (text: string, turns: readonly TurnRecord[], facts = run) => {
  const { thresholds } = summarize({ run: { ...facts, thresholds: [text] }, clients, turns });
  return [thresholds[0]?.result, thresholds[0]?.measured];
};
/** The first byte of each comes after 1, 2, 3, ... ms, the second read a second later. */
const turnsOf = (n: number, facts: Partial<TurnRecord> = {}): TurnRecord[] =>
  Array.from({ length: n }, (_, index) =>
    turnRecord({ index, ...facts }, { readMs: [index + 1, index + 1_001], bytesPerRead: 100 }),
  );

test.each([
  ['ttfb.p95<96ms', 'pass'],
  ['ttfb.p95<=95ms', 'pass'],
  ['ttfb.p95<95ms', 'fail'],
  ['ttfb.p95>=95ms', 'pass'],
  ['ttfb.p95>95ms', 'fail'],
  ['ttfb<=0.1s', 'pass'],
  ['ttfb<0.1s', 'fail'],
  ['duration<0.02m', 'pass'],
  ['maxGap<60s', 'pass'],
  ['maxGap<1s', 'fail'],
  ['gap.p99<=1s', 'pass'],
  ['contentGap.p50<999ms', 'fail'],
  ['eventsPerSecond>=1', 'pass'],
  ['bytesPerSecond>200', 'fail'],
  ['ok>=100%', 'pass'],
  ['failed<=0%', 'pass'],
  ['unfinished>0%', 'fail'],
  ['headroom>99%', 'pass'],
  ['headroom>99.7%', 'fail'],
  ['cost.perThousandTurns<1', 'pass'],
  ['cost.perGoodStream<0.000001', 'fail'],
])('%s of a hundred turns: %s', (text, result) => {
  expect(judge(text, turnsOf(100))[0]).toBe(result);
});

test('what was measured says metric, value, group and n', () => {
  expect(judge('ttfb.p95<800ms', turnsOf(100))).toEqual(['pass', 'ttfb p95 95 ms (api, warm, n 100)']);
  expect(judge('maxGap<60s', turnsOf(3))[1]).toBe('maxGap max 1 s (api, n 3)');
  expect(judge('ok{lambda}>=99%', turnsOf(200, { hop: 'lambda' }))[1]).toBe('ok 100 % (lambda, n 200)');
  expect(judge('headroom>50%', turnsOf(3))[1]).toBe('headroom 99.67 % (api, n 3)');
});

test('a percentile that is withheld cannot be judged, nor can a group without turns', () => {
  expect(judge('ttfb.p99<1s', turnsOf(99))).toEqual(['cannot-judge', 'ttfb p99 not known (api, warm, n 99)']);
  expect(judge('ttfb{cold}<1s', turnsOf(9))).toEqual(['cannot-judge', 'ttfb max not known (cold, n 0)']);
  expect(judge('ttfb{agentcore}<1s', turnsOf(9))[0]).toBe('cannot-judge');
  expect(judge('maxGap{api,lambda}<2s', turnsOf(9))[0]).toBe('cannot-judge');
  for (const text of ['ttfb<1s', 'gap<1s', 'ok>=1%', 'headroom>1%', 'cost.perGoodStream<1']) {
    expect(judge(text, [])[0]).toBe('cannot-judge');
  }
  expect(judge('streaming>=99%', turnsOf(9))[0]).toBe('cannot-judge');
});

test('without a class the warm turns count, or every class of a hop without any, each on its own', () => {
  const turns = [
    ...turnsOf(10),
    ...turnsOf(20, { class: 'cold' }),
    ...turnsOf(30, { hop: 'lambda', class: 'cold' }),
    ...turnsOf(5, { hop: 'lambda', class: 'new-session' }),
  ];
  expect(judge('ttfb<=30ms', turnsOf(0).concat(turns))).toEqual([
    'pass',
    'ttfb max 10 ms (api, warm, n 10); ttfb max 30 ms (lambda, cold, n 30); ttfb max 5 ms (lambda, new-session, n 5)',
  ]);
  expect(judge('ttfb<30ms', turns)[0]).toBe('fail');
  expect(judge('ttfb{api,cold}<=20ms', turns)).toEqual(['pass', 'ttfb max 20 ms (api, cold, n 20)']);
});

test('gaps and shares are over all classes and outcomes', () => {
  const slow = turnRecord({ class: 'cold', outcome: 'reset', code: 'STREAM_CUT' }, { readMs: [1, 70_001] });
  const turns = [...turnsOf(9), slow];
  expect(judge('maxGap<60s', turns)).toEqual(['fail', 'maxGap max 70 s (api, n 10)']);
  expect(judge('maxGap{warm}<60s', turns)[0]).toBe('pass');
  expect(judge('maxGap{cold,warm}<60s', turns)).toEqual([
    'fail',
    'maxGap max 70 s (api, cold, n 1); maxGap max 1 s (api, warm, n 9)',
  ]);
  expect(judge('ok>=90%', turns)).toEqual(['pass', 'ok 90 % (n 10)']);
  expect(judge('ok>=90.5%', turns)[0]).toBe('fail');
  expect(judge('failed{cold}<=0%', turns)).toEqual(['fail', 'failed 100 % (cold, n 1)']);
  expect(judge('ttfb<1s', turns)).toEqual(['pass', 'ttfb max 9 ms (api, warm, n 9)']);
});

test('a figure that fails is enough, one that is not known is not', () => {
  const turns = [...turnsOf(100), ...turnsOf(50, { hop: 'lambda' })];
  expect(judge('ttfb.p99<1ms', turns)[0]).toBe('fail');
  expect(judge('ttfb.p99<1s', turns)[0]).toBe('cannot-judge');
});

test('a cut by the idle limit leaves no headroom', () => {
  const cut = turnRecord({ outcome: 'idle-cut' }, { readMs: [], endMs: 300_100 });
  expect(judge('headroom>=1%', [...turnsOf(9), cut])).toEqual(['fail', 'headroom 0 % (api, n 10)']);
});

test('streaming is the share of all probes', () => {
  const verdict = (name: 'streaming' | 'buffered') => ({
    verdict: { name, eventsPerRead: 1, coalesced: 0, firstLagMs: 0, medianLagMs: 0 },
  });
  const turns = [...turnsOf(18, verdict('streaming')), ...turnsOf(1, verdict('buffered')), ...turnsOf(1, { outcome: 'reset' })];
  const probe = { count: 20, interval_ms: 100, size_bytes: 0, first_delay_ms: 0 };
  const facts = runFacts({ plan: { probe } });
  expect(judge('streaming>=90%', turns, facts)).toEqual(['pass', 'streaming 90 % (n 20)']);
  expect(judge('streaming>90%', turns, facts)[0]).toBe('fail');
});

test('each threshold is judged as it was given', () => {
  const { cost } = summarize({ run, clients, turns: [] });
  const texts = ['ok>=1%', 'ttfb<1s'];
  const measured = { turns: turnsOf(2), hops: run.hops, cost, isProbe: false };
  expect(judgeThresholds(texts, measured).map(({ threshold }) => threshold)).toEqual(texts);
});

test('what is below a bound is not at or above it, and stays below a higher one', () => {
  const turns = [
    ...turnsOf(100),
    ...turnsOf(3, { hop: 'lambda' }),
    ...turnsOf(2, { class: 'cold', outcome: 'reset', code: 'STREAM_CUT' }),
  ];
  const { cost } = summarize({ run, clients, turns: [] });
  const measured = { turns, hops: run.hops, cost, isProbe: false };
  fc.assert(
    fc.property(known, bound, bound, (threshold, lower, more) => {
      const texts = [threshold.write('<', lower), threshold.write('>=', lower), threshold.write('<', lower + more)];
      const [below, above, further] = judgeThresholds(texts, measured).map(({ result }) => result);
      // A threshold is about several groups: one can be below and another above.
      expect([below, above]).not.toEqual(['pass', 'pass']);
      if (below === 'pass') expect(further).toBe('pass');
      if (below === 'cannot-judge') expect(above).not.toBe('pass');
    }),
    { numRuns: cases(2_000) },
  );
});
