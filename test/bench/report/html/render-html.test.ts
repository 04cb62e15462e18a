import { describe, expect, test } from 'vitest';
import type { ChartData } from '../../../../src/bench/report/html/charts.ts';
import { html, markupText, type MarkupValue, scriptJson } from '../../../../src/bench/report/html/markup.ts';
import { renderBenchHtml } from '../../../../src/bench/report/html/render-html.ts';
import { HOSTILE, hostileRun, invalidRun } from '../../../helpers/bench-report-variants.ts';
import { simulateRun } from '../../../helpers/bench-report.ts';

const run = simulateRun({ rounds: 60 });
const page = renderBenchHtml(run);

function chartsOf(text: string): ChartData {
  const json = /<script type="application\/json" id="chart-data">(.*?)<\/script>/s.exec(text)?.[1];
  return JSON.parse(json ?? 'null') as ChartData;
}

test('one file: it names nothing that would have to be loaded', () => {
  const loads = page.match(/(?:src|href)=(?!["']?data:,).{0,40}|url\(|@import|https?:.{0,40}/g);
  expect(loads ?? []).toEqual([]);
  expect(page.includes('default-src &#39;none&#39;')).toBe(true);
});

test('ten thousand turns: a page of bounded size that says what it left out', { timeout: 120_000 }, () => {
  const large = simulateRun({ hops: ['api'], rounds: 10_000 });
  expect(large.summary.counts.sent).toBe(10_000);
  const shown = renderBenchHtml(large);
  expect(shown.length).toBeLessThan(1_000_000);
  const [, all, drawn] = /Of ([\d,]+) silences, the ([\d,]+) longest over time are drawn/.exec(shown) ?? [];
  const points = chartsOf(shown).gaps?.series.flatMap((series) => series.points) ?? [];
  expect(points).toHaveLength(toNumber(drawn));
  expect(toNumber(all)).toBeGreaterThan(30_000);
  // What is left out is never what matters: in any part of the run the longest gap is drawn.
  const seconds = large.run.durationMs / 1_000;
  const longestOf = (gaps: readonly (readonly [atS: number, ms: number])[]): number[] =>
    Array.from({ length: 100 }, (_, part) =>
      Math.max(0, ...gaps.filter(([atS]) => Math.floor((atS / seconds) * 100) === part).map(([, ms]) => ms)),
    );
  const gaps = large.turns
    .filter(({ phase }) => phase === 'measured')
    .flatMap(({ sentMs, metrics }) =>
      metrics.gaps.top.map(({ ms, atMs }): [number, number] => [
        Number(((sentMs + atMs) / 1_000).toFixed(3)),
        Number(ms.toPrecision(5)),
      ]),
    );
  expect(longestOf(points.map(([atS, ms]): [number, number] => [atS, ms]))).toEqual(longestOf(gaps));
});

test('a run of some hundred turns: every gap that was kept is drawn', () => {
  const gaps = run.turns
    .filter(({ phase, metrics }) => phase === 'measured' && metrics.reads > 1)
    .flatMap(({ metrics }) => metrics.gaps.top);
  const points = chartsOf(page).gaps?.series.flatMap((series) => series.points) ?? [];
  expect(points.map(([, ms]) => ms).sort(ascending)).toEqual(gaps.map(({ ms }) => Number(ms.toPrecision(5))).sort(ascending));
  expect(page).toContain(`All ${points.length} are drawn`);
});

const ascending = (a: number, b: number): number => a - b;

function toNumber(text: string | undefined): number {
  return Number(text?.replaceAll(',', ''));
}

describe('curves', () => {
  const { cdfs } = chartsOf(page);
  test('of the first byte: at each place the share of turns that had it by then', () => {
    const ttfb = cdfs.find(({ metric }) => metric === 'ttfb');
    expect(ttfb?.series).toHaveLength(run.summary.groups.length);
    for (const [index, group] of run.summary.groups.entries()) {
      const series = ttfb?.series[index];
      const values = run.turns
        .filter(({ phase, outcome }) => phase === 'measured' && outcome === 'ok')
        .filter((turn) => turn.hop === group.hop && turn.class === group.class)
        .map(({ metrics }) => metrics.ttfbMs ?? Infinity);
      expect(series?.n).toBe(values.length);
      const { from = 0, y = [] } = series ?? {};
      const wrong = ttfb?.x.filter((place, at) => {
        const share = (values.filter((ms) => ms <= place).length / values.length) * 100;
        const drawn = y[at - from] ?? (at < from ? 0 : 100);
        return Math.abs(drawn - share) > 0.01;
      });
      expect(wrong).toEqual([]);
      expect([y[0], y.at(-1)]).toEqual([0, 100]);
    }
  });

  test('in open load times count from the plan', () => {
    const late = simulateRun({
      hops: ['agentcore'],
      rounds: 20,
      change: (turn) => ({ ...turn, plannedMs: turn.sentMs - 5_000 }),
    });
    const [first] = chartsOf(renderBenchHtml(late)).cdfs;
    const [line] = first?.series ?? [];
    expect(first?.x[line?.from ?? 0]).toBeGreaterThan(5_000);
  });

  test('on a linear axis they begin at 0; where a log axis begins is said', () => {
    const alike = simulateRun({
      hops: ['api'],
      rounds: 20,
      change: ({ metrics, index, ...turn }) => {
        const ms = 300 + index;
        return { ...turn, index, metrics: { ...metrics, ttfbMs: ms, ttftMs: ms + 10, durationMs: ms + 100 } };
      },
    });
    const shown = renderBenchHtml(alike);
    expect(chartsOf(shown).cdfs).toHaveLength(3);
    for (const { x, isLog } of chartsOf(shown).cdfs) expect([x[0], isLog]).toEqual([0, false]);
    expect(shown).toContain('The axis begins at 0.');
    expect(page).toMatch(/log scale[^]*The axis begins at \d+ ms\./);
  });
});

test('nothing from outside ends an element or begins one', () => {
  const shown = renderBenchHtml(hostileRun());
  expect(shown.match(/<script/g)).toHaveLength(2);
  expect(shown.match(/<\/script/g)).toHaveLength(2);
  expect(shown.match(/<img|<!--/g)).toBeNull();
  expect(shown.includes('&lt;img src=x onerror=')).toBe(true);
  expect(chartsOf(shown).gaps?.after.length).toBeGreaterThan(1);
});

test('a run that is not valid has reasons, counts, outcomes and its own lag, and no other figure', () => {
  const shown = renderBenchHtml(invalidRun());
  const body = shown.slice(shown.indexOf('<body>'));
  expect(body.includes('INVALID: ')).toBe(true);
  expect(body.includes('p99 48.5 ms')).toBe(true);
  expect(body.includes('Outcomes of the turns')).toBe(true);
  const words = ['ttf', 'p50', 'p95', 'First byte', 'Headroom', 'turns/s', '<figure', 'Cost'];
  expect(words.filter((word) => body.includes(word))).toEqual([]);
  expect(body.includes('<script')).toBe(false);
});

describe('markup', () => {
  test('escapes what is put in, joins lists, leaves undefined out', () => {
    const items = HOSTILE.map((text) => html`<li title="${text}">${text}</li>`);
    const text = markupText(
      html`<ul>
        ${items}${undefined}${7}
      </ul>`,
    );
    expect(text.match(/</g)).toHaveLength(2 + 2 * HOSTILE.length);
    expect(text).toMatch(/<\/li>7\s*<\/ul>$/);
    expect(text).not.toContain('"document');
  });

  test('an object that was read from a file is no markup', () => {
    const forged = JSON.parse('{"html":"<b>","text":"<b>","markup":"<b>"}') as MarkupValue;
    expect(markupText(html`<p>${forged}</p>`)).toBe('<p>[object Object]</p>');
  });

  test('JSON for a script element says the same', () => {
    const text = markupText(scriptJson(HOSTILE));
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual(HOSTILE);
  });
});
