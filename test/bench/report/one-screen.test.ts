import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { BenchReport } from '../../../src/bench/figures/report.ts';
import { headlineOf } from '../../../src/bench/report/headline.ts';
import { renderScreen } from '../../../src/bench/report/one-screen.ts';
import { formatMs, formatRough, formatShare, formatSpan, formatTimeCell, formatUsd } from '../../../src/ui/format.ts';
import { invalidRun, probeRun } from '../../helpers/bench-report-variants.ts';
import { simulateRun } from '../../helpers/bench-report.ts';
import { COLOURED, PLAIN } from '../../helpers/plain-style.ts';

const target = { stack: 'agentstream', region: 'eu-west-1', host: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com' };
const failures = (): BenchReport =>
  simulateRun({
    hops: ['api'],
    rounds: 60,
    change: (turn) =>
      turn.index % 4 === 0 ? { ...turn, outcome: 'http-error', status: 500 + (turn.index % 31), code: 'AGENT_ERROR' } : turn,
  });
const thresholds = Array.from({ length: 12 }, (_, index) => `ttfb.p95<${300 + 100 * index}ms`);

const RUNS: readonly (readonly [name: string, report: BenchReport, columns: number])[] = [
  ['ok', simulateRun({ hops: ['api'], rounds: 60, run: { target } }), 80],
  ['failures of many kinds', failures(), 80],
  ['more thresholds than lines', simulateRun({ rounds: 60, run: { target, thresholds } }), 80],
  ['three hops', simulateRun({ rounds: 120, run: { target } }), 80],
  ['a probe', probeRun(), 80],
  ['not valid', invalidRun(), 80],
  ['one turn', simulateRun({ hops: ['api'], rounds: 1 }), 80],
  ['10,000 turns', simulateRun({ hops: ['api'], rounds: 10_000, run: { target } }), 80],
  ['40 columns', simulateRun({ rounds: 120, run: { target, thresholds } }), 40],
  ['200 columns', simulateRun({ rounds: 0 }), 200],
];

const screenOf = (report: BenchReport, columns: number): string[] =>
  renderScreen(report, { columns, style: PLAIN }).trimEnd().split('\n');

describe.each(RUNS)('one screen: %s', (_, run, columns) => {
  // As `--json` prints it.
  const report = JSON.parse(JSON.stringify(run)) as BenchReport;
  const lines = screenOf(report, columns);

  test('has at most 24 lines that fit', () => {
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });

  test('ends with the headline', () => {
    const words = headlineOf(report).text.split(' ');
    expect(lines.join(' ').split(/\s+/).slice(-words.length)).toEqual(words);
  });

  test('is the same without colours', () => {
    const coloured = renderScreen(report, { columns, style: COLOURED });
    expect(stripVTControlCharacters(coloured).trimEnd().split('\n')).toEqual(lines);
  });

  test('has no figure that the document does not have', () => {
    const known = figuresOf(report);
    const shown = lines.join(' ').replaceAll(/\s+/g, ' ').match(FIGURE) ?? [];
    expect(shown.filter((figure) => !known.has(figure))).toEqual([]);
  });

  test('has rows with the figures of their groups', () => {
    const { groups, validity } = report.summary;
    const shown = validity.valid && columns === 80 ? groups.filter(({ turns }) => turns >= 5) : [];
    const heads = lines.findIndex((line) => / turns +ok /.test(line));
    if (!validity.valid) expect(heads).toBe(-1);
    const rows = lines.slice(heads + 1, heads + 1 + shown.length).map((line) => line.trim().replaceAll(/ +/g, ' '));
    const expected = shown.map(({ turns, ok, ttfb, ttft, maxGap, duration }) =>
      [turns, ok]
        .map((count) => count.toLocaleString('en-US'))
        .concat([ttfb.p50, ttft.p50, maxGap.max, duration.p50].map(formatTimeCell)),
    );
    rows.forEach((row, index) => {
      for (const cell of expected[index] ?? []) expect(` ${row} `).toContain(` ${cell} `);
    });
  });
});

test('what failed, the nearest limit and the thresholds that do not hold are there', () => {
  const [, failed] = RUNS[1] ?? [];
  const text = screenOf(failed ?? failures(), 80).join('\n');
  expect(text).toMatch(/× http-error 5\d\d AGENT_ERROR: the agent itself failed/);
  expect(text).toContain('more outcomes: --full');
  const [, many] = RUNS[2] ?? [];
  const hops = screenOf(many ?? failures(), 80).join('\n');
  expect(hops).toMatch(/FAIL {2}ttfb\.p95<300ms: ttfb p95 \d+/);
  expect(hops).toMatch(/\d+ more thresholds: --full/);
  expect(hops).toMatch(/silence {2}█+[·╎]+ {2}15\.0 s of 300 s \(5 %\)/);
});

const FIGURE = /\d+(?:,\d{3})*(?:\.\d+)?(?: min \d\d s| (?:ms|s|min|%|MB)(?!\w))?/g;

/** All numbers of a document as they may be shown: those in its texts, its times, counts, shares and amounts. */
function figuresOf({ run, clients, summary }: BenchReport): Set<string> {
  const figures = new Set(['50', '95', '99', '1,000']);
  const add = (text: string): void => text.match(FIGURE)?.forEach((figure) => figures.add(figure));
  const visit = (value: unknown): void => {
    if (typeof value === 'string') add(value);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
    if (typeof value !== 'number') return;
    for (const text of [formatMs(value), formatTimeCell(value), formatSpan(value), formatShare(value)]) add(text);
    for (const text of [formatUsd(value), value.toLocaleString('en-US')]) add(text);
  };
  visit({ run, clients, summary });
  const { counts, headroom, verdicts, thresholds, outcomes } = summary;
  add(formatRough(run.durationMs - run.plan.warmupMs));
  add(formatShare(counts.ok / Math.max(1, counts.sent)));
  for (const { longest, idleLimitMs } of headroom) add(formatShare((longest?.ms ?? 0) / (idleLimitMs ?? Infinity)));
  const counted = [verdicts.reduce((sum, { count }) => sum + count, 0), ...thresholds.keys(), ...outcomes.keys()];
  for (const count of [...counted, ...headroom.keys()]) add(count.toLocaleString('en-US'));
  return figures;
}
