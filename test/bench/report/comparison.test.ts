import stringWidth from 'string-width';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { percentileDifferenceInterval } from '../../../src/bench/figures/bootstrap.ts';
import { compareReports, type Comparison } from '../../../src/bench/figures/compare-reports.ts';
import { comparisonDocument } from '../../../src/bench/report/comparison.ts';
import { renderMarkdown } from '../../../src/bench/report/markdown.ts';
import { renderDocument } from '../../../src/bench/report/terminal.ts';
import type { Style } from '../../../src/ui/terminal.ts';
import { turnTime } from '../../../src/bench/figures/turn-groups.ts';
import { simulateRun } from '../../helpers/bench-report.ts';
import { COLOURED, PLAIN } from '../../helpers/plain-style.ts';

const renderComparison = (compared: Comparison, columns: number, style: Style): string =>
  renderDocument(comparisonDocument(compared), { columns, style });
const renderComparisonMarkdown = (compared: Comparison): string => renderMarkdown(comparisonDocument(compared));

const comparison: Comparison = {
  confidence: 99,
  verdict: 'worse',
  notes: ['the second run sent 30 turns/s, the first 20 turns/s'],
  rows: [
    {
      hop: 'api',
      class: 'warm',
      metric: 'ttfb p50',
      unit: 'ms',
      nBefore: 1_200,
      nAfter: 180,
      before: 415.2,
      after: 472.4,
      difference: 57.2,
      low: 26.1,
      high: 93.9,
      verdict: 'worse',
    },
    {
      hop: 'api',
      metric: 'ok',
      unit: 'share',
      nBefore: 200,
      nAfter: 200,
      before: 0.995,
      after: 0.98,
      difference: -0.015,
      low: -0.04,
      high: 0.005,
      verdict: 'no difference shown',
    },
    { hop: 'lambda', class: 'new-session', metric: 'ttft p95', unit: 'ms', nBefore: 3, nAfter: 0, verdict: 'cannot judge' },
  ],
};

test('a table where there is room', () => {
  expect(renderComparison(comparison, 110, PLAIN)).toMatchInlineSnapshot(`
    "                                          before          after               difference verdict
      api, warm: ttfb p50           415 ms (n 1,200) 472 ms (n 180)  +57 ms [+26 ms, +94 ms] worse
      api: ok                         99.5 % (n 200)   98 % (n 200) -1.5 pp [-4 pp, +0.5 pp] no difference shown
      lambda, new session: ttft p95          - (n 3)        - (n 0)                        - cannot judge
      Difference: after minus before, with its 99 % bootstrap interval in brackets.

      - the second run sent 30 turns/s, the first 20 turns/s

    WORSE than before.
    "
  `);
});

test('a block for each row where there is none', () => {
  expect(renderComparison(comparison, 44, PLAIN)).toMatchInlineSnapshot(`
    "  api, warm: ttfb p50
        before 415 ms (n 1,200), after 472 ms (n
        180), difference +57 ms [+26 ms,
        +94 ms], verdict worse
      api: ok
        before 99.5 % (n 200), after 98 % (n
        200), difference -1.5 pp [-4 pp, +0.5
        pp], verdict no difference shown
      lambda, new session: ttft p95
        before - (n 3), after - (n 0),
        difference -, verdict cannot judge
      Difference: after minus before, with its
      99 % bootstrap interval in brackets.

      - the second run sent 30 turns/s, the
        first 20 turns/s

    WORSE than before.
    "
  `);
});

test('for a pull request', () => {
  expect(renderComparisonMarkdown(comparison)).toMatchInlineSnapshot(`
    "**WORSE than before.**

    |  | before | after | difference | verdict |
    | --- | ---: | ---: | ---: | --- |
    | api, warm: ttfb p50 | 415 ms (n 1,200) | 472 ms (n 180) | +57 ms \\[+26 ms, +94 ms\\] | **worse** |
    | api: ok | 99.5 % (n 200) | 98 % (n 200) | -1.5 pp \\[-4 pp, +0.5 pp\\] | no difference shown |
    | lambda, new session: ttft p95 | - (n 3) | - (n 0) | - | **cannot judge** |

    Difference: after minus before, with its 99 % bootstrap interval in brackets.

    - the second run sent 30 turns/s, the first 20 turns/s
    "
  `);
});

test('two runs: fits into any width, and colours change nothing but the colours', () => {
  const slower = simulateRun({
    rounds: 60,
    seed: 8,
    change: ({ metrics, ...turn }) => ({ ...turn, metrics: { ...metrics, durationMs: metrics.durationMs * 3 } }),
  });
  const real = compareReports(simulateRun({ rounds: 60 }), slower);
  expect(real.verdict).toBe('worse');
  for (let columns = 40; columns <= 160; columns += 1) {
    const plain = renderComparison(real, columns, PLAIN);
    const widths = plain.split('\n').map((line) => stringWidth(line));
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    expect(stripVTControlCharacters(renderComparison(real, columns, COLOURED))).toBe(plain);
  }
});

test('the confidence level that is printed is the one of the intervals', () => {
  const [before, after] = [simulateRun({ rounds: 60 }), simulateRun({ rounds: 60, seed: 8 })];
  const real = compareReports(before, after);
  const ttfb = (report: typeof before): Float64Array =>
    Float64Array.from(
      report.turns.filter(
        ({ phase, hop, class: name, outcome }) => phase === 'measured' && hop === 'api' && name === 'warm' && outcome === 'ok',
      ),
      (turn) => turnTime(turn, 'ttfb') ?? 0,
    ).sort();
  const { low, high } = percentileDifferenceInterval(ttfb(before), ttfb(after), 50, { level: real.confidence, seed: 1 });
  expect(real.rows.find((row) => row.class === 'warm' && row.metric === 'ttfb p50')).toMatchObject({ low, high });
  const words = `its ${real.confidence} % bootstrap interval`;
  expect(renderComparison(real, 160, PLAIN)).toContain(words);
  expect(renderComparisonMarkdown(real)).toContain(words);
  const other = { ...real, confidence: 90 };
  expect(renderComparison(other, 160, PLAIN)).toContain('its 90 % bootstrap interval');
});

test('nothing to compare', () => {
  const empty: Comparison = { confidence: 99, verdict: 'cannot judge', notes: ['no hop is in both'], rows: [] };
  expect(renderComparison(empty, 80, PLAIN)).toBe('  - no hop is in both\n\nCannot judge.\n');
  expect(renderComparisonMarkdown(empty)).toBe('**Cannot judge.**\n\n- no hop is in both\n');
});
