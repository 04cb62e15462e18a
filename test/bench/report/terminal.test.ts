import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { BenchReport } from '../../../src/bench/figures/report.ts';
import { formatMs, formatTimeCell } from '../../../src/ui/format.ts';
import type { Style } from '../../../src/ui/terminal.ts';
import { reportDocument } from '../../../src/bench/report/report-document.ts';
import { renderDocument } from '../../../src/bench/report/terminal.ts';
import { hostileRun, invalidRun, probeRun } from '../../helpers/bench-report-variants.ts';
import { simulateRun } from '../../helpers/bench-report.ts';
import { COLOURED, PLAIN } from '../../helpers/plain-style.ts';
import { cases } from '../../helpers/properties.ts';

const run = simulateRun({ rounds: 120 });
const renderBenchReport = (report: BenchReport, columns: number, style: Style): string =>
  renderDocument(reportDocument(report), { columns, style });
const text = renderBenchReport(run, 100, PLAIN);
const withSummary = (summary: Partial<BenchReport['summary']>): string =>
  renderBenchReport({ ...run, summary: { ...run.summary, ...summary } }, 100, PLAIN);
const flat = (lines: string): string => lines.replaceAll(/\s+/g, ' ');

test.each([
  ['a run over three hops', run],
  ['a run with hostile names', hostileRun()],
  ['a run that is not valid', invalidRun()],
  ['a probe', probeRun()],
  ['a run without any turn', simulateRun({ rounds: 0 })],
] as const)('%s fits into any width from 40 columns on', (_, report) => {
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 200 }), (columns) => {
      const lines = renderBenchReport(report, columns, PLAIN).split('\n');
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
    }),
    { numRuns: cases(25) },
  );
});

test('colours change nothing but the colours', () => {
  const coloured = renderBenchReport(run, 80, COLOURED);
  expect(coloured).toContain('\u001B[');
  expect(stripVTControlCharacters(coloured)).toBe(renderBenchReport(run, 80, PLAIN));
});

test('says the result in one sentence, last', () => {
  const { counts, groups, headroom } = run.summary;
  const warm = groups.find((group) => group.hop === 'api' && group.class === 'warm');
  const share = Math.floor((counts.ok / counts.sent) * 1_000) / 10;
  expect(flat(text)).toMatch(
    new RegExp(
      ` ${counts.sent} turns in [^;]*, ${counts.ok} ok \\(${share} %\\); first byte through API Gateway ` +
        `${Math.round(warm?.ttfb.p50 ?? 0)} ms at p50 and ${Math.round(warm?.ttfb.p95 ?? 0)} ms at p95 ` +
        `\\(${warm?.ttfb.n} warm turns\\); longest silence ${formatMs(headroom[0]?.longest?.ms ?? 0)} of 300 s\\. $`,
    ),
  );
});

test('the table has n and every percentile of every metric, hop and class; what is withheld is a dash', () => {
  for (const group of run.summary.groups) {
    const name = group.class === 'new-session' ? 'new session' : group.class;
    const block = text.slice(text.indexOf(`\n  ${group.hop}, ${name}: ${group.turns} turn`));
    for (const [label, values] of [
      ['ttfb', group.ttfb],
      ['ttfe', group.ttfe],
      ['ttft', group.ttft],
      ['gap', group.gap],
      ['content gap', group.contentGap],
      ['longest silence', group.maxGap],
      ['duration', group.duration],
    ] as const) {
      const row = block.split('\n').find((line) => line.startsWith(`  ${label} `));
      expect(row?.trim().split(/ {2,}/)).toEqual([
        label,
        values.n.toLocaleString('en-US'),
        ...(['p50', 'p90', 'p95', 'p99', 'max'] as const).map((at) => formatTimeCell(values[at])),
      ]);
    }
  }
  const cold = run.summary.groups.find((group) => group.class === 'cold');
  expect(cold?.ttfb.p95).toBeUndefined();
  expect(flat(text)).toContain('p90 below 10, p95 below 20, p99 below 100');
});

test('a run that is not valid has reasons, counts, outcomes and its own lag, and no other figure', () => {
  const report = invalidRun();
  const shown = renderBenchReport(report, 100, PLAIN);
  expect(shown).toMatch(/\nINVALID: [^\n]*\n.*\n$/);
  expect(flat(shown)).toContain('p99 48.5 ms, more than the 20 ms allowed');
  expect(shown).toContain(`${report.summary.counts.sent} turns in `);
  expect(shown).toContain('Outcomes');
  expect(flat(shown)).toContain('event loop 49 ms late at p99');
  const words = ['ttf', 'p50', 'p95', 'First byte', 'Headroom', 'Throughput', '│', 'Cost'];
  expect(words.filter((word) => shown.includes(word))).toEqual([]);
  expect(flat(shown)).not.toMatch(/within \d/);
});

test('what is in no figure is said', () => {
  const { warmup, unfinished } = run.summary.counts;
  expect(unfinished).toBe(0);
  expect(flat(text)).toContain(`Not in the figures: 3 pilot turns and ${warmup} warm-up turns.`);
  expect(flat(text)).toContain('60 sessions opened, 60 stopped.');
  const counts = { ...run.summary.counts, unfinished: 2, cancelled: 3 };
  const other = flat(withSummary({ counts }));
  expect(other).toContain('2 turns unfinished: still streaming after the grace period of 30 s.');
  expect(other).toContain('3 turns cancelled');
  const stopped = { ...run, run: { ...run.run, stoppedBy: 'interrupt' as const } };
  expect(flat(renderBenchReport(stopped, 100, PLAIN))).toContain('interrupted before its plan');
});

test('outcomes have their code and the limit that explains them', () => {
  expect(text).toMatch(/api +1 {2}http-error 429 THROTTLED\n {4}\S/);
});

test('the five longest silences, with their place and the event before', () => {
  const [silence] = run.summary.silences;
  expect(run.summary.silences).toHaveLength(5);
  const section = /Longest silences\n.*\n((?: .*\n)+)/.exec(text)?.[1];
  expect(section?.match(/turn \d+, from .* on, after tool-start/g)).toHaveLength(5);
  expect(section).toMatch(new RegExp(`^.* turn ${silence?.turn}, from `));
});

test('histograms of each hop: every ok turn and every silence is in them once', () => {
  for (const { hop } of run.run.hops) {
    const groups = run.summary.groups.filter((group) => group.hop === hop);
    const sums = [
      ['First byte', 'turns', groups.reduce((sum, { ttfb }) => sum + ttfb.n, 0)],
      ['Silences', 'silences', groups.reduce((sum, { gapHistogram }) => sum + gapHistogram.count, 0)],
    ] as const;
    for (const [title, noun, n] of sums) {
      const head = `${title}, ${hop} \\(${n.toLocaleString('en-US')} ${noun}\\)\n`;
      const rows = new RegExp(`${head}((?:.*│.*\n)+)`).exec(text)?.[1] ?? '';
      const counts = rows.split('\n').filter(Boolean).map(lastNumber);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(n);
    }
  }
});

function lastNumber(line: string): number {
  return Number(/([\d,]+)$/.exec(line)?.[1]?.replaceAll(',', ''));
}

test('cost: all of it, per thousand turns, by part, and what is not in it', () => {
  const { cost } = run.summary;
  const section = text.slice(text.indexOf('\nCost\n'), text.indexOf('\nThis client\n'));
  const [total, perThousand] = [...section.matchAll(/\$([\d.]+)/g)].map(([, usd]) => Number(usd));
  // Shown with two digits.
  expect((total ?? 0) / cost.total).toBeCloseTo(1, 1);
  expect((perThousand ?? 0) / cost.perThousandTurns).toBeCloseTo(1, 1);
  for (const { name } of cost.parts) expect(flat(section)).toContain(name);
  for (const each of cost.leftOut) expect(flat(section)).toContain(`- ${each}`);
});

test('the client says how late it was, against its bound and its noise floor', () => {
  const { lag } = run.summary.validity;
  const shown = flat(text.slice(text.indexOf('\nThis client\n')));
  expect(shown).toContain(`turns sent ${lag.lateness.p99?.toFixed(1)} ms late at p99 (n 360)`);
  expect(shown).toContain('event loop 1.4 ms late at p99, busy for 17 % of the time');
  expect(shown).toContain('A run is invalid when either lateness exceeds 20 ms.');
  expect(shown).toContain('0.2 ms late, at p99 0.9 ms (n 1,200), and sees a first byte after 0.6 ms');
});

test('the probe says how many streamed, and what to do about the others', () => {
  const shown = flat(renderBenchReport(probeRun(), 100, PLAIN));
  expect(shown).toContain('api: streaming 19 of 20, buffered 1 of 20');
  expect(shown).toContain('Intermittent');
});

describe('thresholds', () => {
  test('each with its result and what was measured', () => {
    const thresholds = [
      { threshold: 'ttfb.p95<800ms', result: 'fail', measured: 'ttfb p95 812 ms (n 240)' },
      { threshold: 'ok>=99%', result: 'pass', measured: 'ok 99.5 %' },
      { threshold: 'ttft.p99<1s', result: 'cannot-judge', measured: 'n 40 is too few' },
    ] as const;
    const shown = withSummary({ thresholds });
    expect(shown).toContain('\n  FAIL          ttfb.p95<800ms  ttfb p95 812 ms (n 240)\n');
    expect(shown).toContain('\n  pass          ok>=99%         ok 99.5 %\n');
    expect(shown).toContain('\n  cannot judge  ttft.p99<1s     n 40 is too few\n');
  });
});

test('nothing of a server’s moves the cursor or turns the writing round', () => {
  const shown = renderBenchReport(hostileRun(), 100, PLAIN);
  expect(shown).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  expect(shown).toContain('\uFFFD[2J');
});
