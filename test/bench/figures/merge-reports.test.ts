import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeReports } from '../../../src/bench/figures/merge-reports.ts';
import { runFacts, turnRecord } from '../../helpers/turn-record.ts';
import type { ClientFacts, TurnRecord } from '../../../src/bench/run/turn-record.ts';
import { parseReport } from '../../../src/bench/figures/parse-report.ts';
import { type BenchReport, formatReportLine, type Summary } from '../../../src/bench/figures/report.ts';
import { summarize } from '../../../src/bench/figures/summarize.ts';
import { simulateRun } from '../../helpers/bench-report.ts';
import { cases } from '../../helpers/properties.ts';

const whole = simulateRun({ rounds: 60 });
const client = fc.record({
  loopDelayP99Ms: fc.double({ min: 0, max: 40, noNaN: true }),
  loopDelayMaxMs: fc.double({ min: 0, max: 400, noNaN: true }),
  busy: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** The turns of a run, dealt out in any way to some threads or machines, in any order. */
const parts = fc
  .array(client, { minLength: 1, maxLength: 5 })
  .chain((clients) =>
    fc.record({
      clients: fc.constant(clients),
      places: fc.array(fc.nat(clients.length - 1), { minLength: whole.turns.length, maxLength: whole.turns.length }),
      order: fc.shuffledSubarray([...whole.turns], { minLength: whole.turns.length }),
    }),
  );

/** Merging gives turns new numbers; when they were sent tells which they are. */
function withoutNumbers(summary: Summary): object {
  const unnumbered = <T extends { turn: number }>({ turn: _turn, ...rest }: T) => rest;
  return {
    ...summary,
    silences: summary.silences.map(unnumbered),
    headroom: summary.headroom.map(({ longest, ...rest }) => ({ ...rest, longest: longest && unnumbered(longest) })),
  };
}

test('threads give the same summary as one, however the turns are dealt out and in whatever order', () => {
  fc.assert(
    fc.property(parts, ({ clients, order }) => {
      const one = summarize({ run: whole.run, clients, turns: whole.turns });
      const shuffled = summarize({ run: whole.run, clients: clients.toReversed(), turns: order });
      expect(shuffled).toEqual(one);
    }),
    { numRuns: cases(30) },
  );
});

test('machines give the same summary as one, however the turns are dealt out', () => {
  fc.assert(
    fc.property(parts, ({ clients, places, order }) => {
      // Turns of a round stay on one machine, as they do in a run.
      const reports = clients.map((one, place): BenchReport => {
        const turns = order.filter(({ pair }) => places[pair + 10] === place);
        const part = { run: whole.run, clients: [one], turns };
        return { schema: whole.schema, ...part, summary: summarize(part) };
      });
      const { report, notes } = mergeReports(reports);
      const one = summarize({ run: whole.run, clients, turns: whole.turns });
      expect(withoutNumbers(report.summary)).toEqual(withoutNumbers(one));
      expect(notes).toEqual([]);
      const numbers = report.turns.map(({ index }) => index).sort((a, b) => a - b);
      expect(numbers).toEqual(whole.turns.map((_, index) => index));
    }),
    { numRuns: cases(30) },
  );
});

const reportOf = (
  run: BenchReport['run'],
  turns: readonly TurnRecord[],
  clients: readonly ClientFacts[] = [{ loopDelayP99Ms: 1, loopDelayMaxMs: 2, busy: 0.2 }],
): BenchReport => ({ ...whole, run, turns, clients, summary: summarize({ run, turns, clients }) });

test('rounds and sessions of two machines stay apart', () => {
  const plan = { hops: ['api', 'lambda'] } as const;
  const on = (hop: 'api' | 'lambda', pair: number, session: number, at: number) =>
    turnRecord({ index: pair, hop, pair, session, sentMs: at }, { readMs: [at + 1] });
  // Neither has a whole round: they must not make one together.
  const first = reportOf(runFacts({ plan }), [on('api', 0, 0, 1), on('api', 1, 1, 2)]);
  const second = reportOf(runFacts({ plan }), [on('lambda', -1, 0, 3), on('lambda', 0, 0, 4)]);
  const { turns, summary } = mergeReports([first, second]).report;
  expect(new Set(turns.map(({ pair }) => pair)).size).toBe(4);
  expect(turns.map(({ session }) => session)).toEqual([0, 1, 2, 2]);
  expect(new Set(summary.differences.map(({ n }) => n))).toEqual(new Set([0]));
});

test('the worst client, the worst noise and the strictest bound count, sessions add up, times are those that were covered', () => {
  const at = (startedAt: string, more: Partial<BenchReport['run']> = {}) =>
    runFacts({
      startedAt,
      durationMs: 12_000,
      sendingMs: 10_000,
      sessions: { opened: 3, stopped: 2, left: 1 },
      noiseFloor: { events: 9, stampErrorP50Ms: 0.1, stampErrorP99Ms: 0.4, ttfbP50Ms: 1 },
      ...more,
    });
  const noisy = { events: 9, stampErrorP50Ms: 0.1, stampErrorP99Ms: 3, ttfbP50Ms: 1 };
  const { run, summary } = mergeReports([
    // 4 s after the first, then one an hour later.
    reportOf(at('2026-11-20T09:00:04.000Z', { noiseFloor: noisy, stoppedBy: 'budget', maxLagMs: 10 }), []),
    reportOf(at('2026-11-20T09:00:00.000Z'), [], [{ loopDelayP99Ms: 7, loopDelayMaxMs: 9, busy: 0.9 }]),
    reportOf(at('2026-11-20T10:00:00.000Z', { unsent: 1 }), []),
  ]).report;
  expect(run).toMatchObject({
    startedAt: '2026-11-20T09:00:00.000Z',
    sendingMs: 24_000,
    durationMs: 28_000,
    sessions: { opened: 9, stopped: 6, left: 3 },
    noiseFloor: { stampErrorP99Ms: 3 },
    stoppedBy: 'budget',
    maxLagMs: 10,
    unsent: 1,
  });
  expect(summary.validity.lag).toMatchObject({ loopDelayP99Ms: 7, busy: 0.9 });
});

test('what differs between the plans is kept', () => {
  const other = runFacts({ plan: { seed: 99, warmupMs: 5_000 } });
  const { notes } = mergeReports([reportOf(runFacts(), []), reportOf(other, [])]);
  expect(notes).toEqual(['the runs differ in warmupMs: 0 and 5000']);
});

test('so are other limits of a hop and other versions', () => {
  const hops = [{ hop: 'api', idleLimitMs: 30_000 }] as const;
  const other = { ...runFacts(), hops, versions: { agentstream: '0.2.0', node: '24.21.0' } };
  const first = { ...runFacts(), hops: [{ hop: 'api', idleLimitMs: 300_000 }] as const };
  expect(mergeReports([reportOf(first, []), reportOf(other, [])]).notes).toEqual([
    'the runs differ in limits and memory of the hops: [{"hop":"api","idleLimitMs":300000}] and [{"hop":"api","idleLimitMs":30000}]',
    'the runs differ in versions: {"agentstream":"0.1.0","node":"24.21.0"} and {"agentstream":"0.2.0","node":"24.21.0"}',
  ]);
});

test.each([
  [{ plan: { hops: ['lambda'] } }, 'hops: api and lambda'],
  [{ plan: { probe: { count: 1, interval_ms: 1, size_bytes: 0, first_delay_ms: 0 } } }, 'an agent and the probe'],
] as const)('reports of another kind are refused: %j', (facts, what) => {
  const reports = [reportOf(runFacts(), []), reportOf(runFacts(facts), [])];
  expect(() => mergeReports(reports)).toThrow(
    expect.objectContaining({ code: 'CANNOT_MERGE', message: expect.stringContaining(what) }),
  );
});

test('so are those of another schema, and none at all', () => {
  const other = { ...whole, schema: 'agentstream-bench/3' } as unknown as BenchReport;
  expect(() => mergeReports([whole, other])).toThrow('agentstream-bench/3');
  expect(() => mergeReports([])).toThrow('no report');
});

test('one run twice is refused: every figure would look surer than it is', () => {
  const lines = [
    formatReportLine('run', whole.run),
    ...whole.turns.toReversed().map(({ trace: _trace, ...turn }) => formatReportLine('turn', turn)),
  ];
  const brokenOff = lines.slice(0, 9).join('');
  for (const twin of [structuredClone(whole), parseReport(lines.join(''), 'x'), parseReport(brokenOff, 'x')]) {
    expect(() => mergeReports([whole, twin])).toThrow(
      expect.objectContaining({ code: 'CANNOT_MERGE', message: expect.stringContaining('is there twice') }),
    );
  }
});
