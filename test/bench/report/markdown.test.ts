import { expect, test } from 'vitest';
import type { BenchReport } from '../../../src/bench/figures/report.ts';
import { renderMarkdown } from '../../../src/bench/report/markdown.ts';
import { reportDocument } from '../../../src/bench/report/report-document.ts';
import { formatTimeCell } from '../../../src/ui/format.ts';
import { hostileRun, invalidRun, probeRun } from '../../helpers/bench-report-variants.ts';
import { simulateRun } from '../../helpers/bench-report.ts';

const renderBenchMarkdown = (report: BenchReport): string => renderMarkdown(reportDocument(report));
const run = simulateRun({ rounds: 120 });
const text = renderBenchMarkdown(run);

/** Rows of all tables, by the pipes that GitHub would split at. */
const tables = (markdown: string): string[][][] =>
  markdown
    .split('\n\n')
    .filter((block) => block.startsWith('|'))
    .map((block) =>
      block
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/(?<!\\)\|/).slice(1, -1)),
    );

test('every table is one: all rows have as many cells as its head', () => {
  for (const markdown of [text, renderBenchMarkdown(hostileRun()), renderBenchMarkdown(probeRun())]) {
    expect(tables(markdown).length).toBeGreaterThan(4);
    for (const [head, ...rows] of tables(markdown)) {
      for (const row of rows) expect(row).toHaveLength(head?.length ?? 0);
    }
  }
});

test('begins with the result and ends with what is folded away', () => {
  expect(text).toMatch(/^\*\*360 turns in [^*]+; first byte through API Gateway [^*]+; longest silence [^*]+ of 300 s\.\*\*\n/);
  const folded = text.slice(text.indexOf('<details>'));
  expect(folded.match(/<details>\n\n<summary>/g)).toHaveLength(8);
  expect(folded.match(/<\/details>/g)).toHaveLength(8);
  const shown = text.slice(0, text.indexOf('<details>'));
  expect(shown).toContain('| **FAIL** | `maxGap<60s` |');
  expect(shown).toContain('| api | longest silence |');
  expect(shown).not.toContain('content gap');
});

test('the short table has the figures of the report', () => {
  const table = tables(text).find(([head]) => head?.[4]?.trim() === 'ttfb p50');
  const rows = table?.slice(2).map((row) => row.map((cell) => cell.trim()));
  expect(rows).toEqual(
    run.summary.groups.map(({ hop, class: name, ok, turns, ttfb, ttft, maxGap, duration }) => [
      hop,
      name.replace('-', ' '),
      ...[turns, ok].map(String),
      ...[ttfb.p50, ttfb.p95, ttfb.p99, ttft.p50, ttft.p95, maxGap.max, duration.p50].map(formatTimeCell),
    ]),
  );
});

test('nothing from outside is markup, a mention or a link', () => {
  const shown = renderBenchMarkdown(hostileRun());
  expect(shown).not.toMatch(/<(?!\/?(?:details|summary)>)[a-z!/]/i);
  expect(shown).not.toContain('@everyone');
  expect(shown).not.toMatch(/(?<!\\)\[link/);
  expect(shown).not.toContain('://');
  expect(shown).not.toMatch(/(?<!\\)(?:#1|~|\*bold|_under)/);
  expect(shown).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
});

test('a run that is not valid has reasons, counts, outcomes and its own lag, and no other figure', () => {
  const shown = renderBenchMarkdown(invalidRun());
  expect(shown).toMatch(/^\*\*INVALID: /);
  expect(shown).toContain('p99 48.5 ms');
  expect(shown).toContain('| hop | turns | outcome | explained by |');
  const words = ['ttf', 'p50', 'p95', 'First byte', 'headroom', 'throughput', 'Cost'];
  expect(words.filter((word) => shown.includes(word))).toEqual([]);
});

test('the probe’s verdict is not folded away', () => {
  const shown = renderBenchMarkdown(probeRun());
  const verdict = '#### Does it stream?\n\n**api: streaming 19 of 20, buffered 1 of 20.**';
  expect(shown.indexOf(verdict)).toBeGreaterThan(0);
  expect(shown.indexOf(verdict)).toBeLessThan(shown.indexOf('<details>'));
});
