import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BenchReport } from '../../src/bench/figures/report.ts';
import { formatTimeCell } from '../../src/ui/format.ts';
import { renderBenchHtml } from '../../src/bench/report/html/render-html.ts';
import { hostileRun, invalidRun } from '../helpers/bench-report-variants.ts';
import { simulateRun } from '../helpers/bench-report.ts';
import { CHROMIUM, openFile, type OpenedPage, startBrowser } from '../helpers/browser.ts';

/** The machine may be busy. */
const PATIENCE = { timeout: 60_000 };

const CHARTS = ['cdf-ttfb', 'cdf-ttft', 'cdf-duration', 'gaps', 'bytes'];

/** Pixels of a canvas that have this colour, or nearly; without a colour, that have any. */
function pixels(page: Page, chart: string, colour?: string): Promise<number> {
  return page.evaluate<number>(`(() => {
    const canvas = document.querySelector('figure[data-chart="${chart}"] canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const name = ${JSON.stringify(colour ?? null)};
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'var(' + name + ')';
    const want = name && getComputedStyle(probe).color.match(/\\d+/g).map(Number);
    probe.remove();
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] < 128) continue;
      if (!want || want.every((part, index) => Math.abs(data[at + index] - part) < 12)) count += 1;
    }
    return count;
  })()`);
}

const overflow = (page: Page): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

describe.skipIf(!CHROMIUM)('the page of a run in a browser', () => {
  let browser: Browser;
  let opened: OpenedPage;
  let report: BenchReport;

  beforeAll(async () => {
    report = simulateRun({ rounds: 140 });
    browser = await startBrowser();
    opened = await openFile(browser, renderBenchHtml(report));
  });
  afterAll(async () => {
    await opened?.close();
    await browser?.close();
  });

  test('asks for nothing and complains of nothing', () => {
    expect(opened.requests).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  test('every chart is drawn, with all its series in the colours of their hops', async () => {
    const { page } = opened;
    const names = await page
      .locator('figure[data-chart]')
      .evaluateAll((figures) => figures.map((figure) => figure.getAttribute('data-chart')));
    expect(names).toEqual(CHARTS);
    const series = async (chart: string): Promise<number> =>
      Number(await page.locator(`figure[data-chart="${chart}"] .plot`).getAttribute('data-series'));
    const groups = report.summary.groups.length;
    for (const chart of ['cdf-ttfb', 'cdf-ttft', 'cdf-duration']) {
      expect(await series(chart)).toBe(groups);
    }
    expect(await series('gaps')).toBe(report.run.plan.hops.length + 1);
    for (const chart of CHARTS) {
      expect(await pixels(page, chart)).toBeGreaterThan(3_000);
      for (const hop of report.run.plan.hops) {
        expect(await pixels(page, chart, `--${hop}`)).toBeGreaterThan(20);
      }
    }
  });

  test('limits are drawn as lines: the idle limit over the gaps, the throttles over the bytes', async () => {
    expect(await pixels(opened.page, 'gaps', '--bad')).toBeGreaterThan(300);
    expect(await pixels(opened.page, 'bytes', '--bad')).toBeGreaterThan(900);
    const { idleLimitMs, ...rest } = report.run.hops[0] ?? { hop: 'api' as const };
    expect(idleLimitMs).toBe(300_000);
    const hops = [rest, ...report.run.hops.slice(1)];
    const turns = report.turns.filter(({ outcome }) => outcome === 'ok');
    const without = await openFile(browser, renderBenchHtml({ ...report, turns, run: { ...report.run, hops } }));
    expect(await pixels(without.page, 'gaps', '--bad')).toBe(0);
    await without.close();
  });

  test('pointing at a chart says what is there', async () => {
    const { page } = opened;
    const over = page.locator('figure[data-chart="cdf-ttfb"] .u-over');
    const readout = page.locator('figure[data-chart="cdf-ttfb"] output');
    await over.scrollIntoViewIfNeeded();
    const box = await over.boundingBox();
    await over.hover({ position: { x: (box?.width ?? 0) * 0.35, y: (box?.height ?? 0) * 0.5 } });
    await expect.poll(() => readout.textContent(), PATIENCE).toMatch(/^\w+, [\w ]+: [\d.]+ % within \d/);
    // It is what the turns say, up to the rounding of the time.
    const said = /^(\w+), ([\w ]+): ([\d.]+) % within ([\d.]+) (ms|s)/.exec((await readout.textContent()) ?? '');
    const [, hop, name, share, amount, unit] = said ?? [];
    const ms = Number(amount) * (unit === 's' ? 1_000 : 1);
    const values = report.turns
      .filter(({ phase, outcome }) => phase === 'measured' && outcome === 'ok')
      .filter((turn) => turn.hop === hop && turn.class.replace('-', ' ') === name)
      .map(({ metrics }) => metrics.ttfbMs ?? Infinity);
    const within = (most: number): number => (values.filter((value) => value <= most).length / values.length) * 100;
    expect(Number(share)).toBeGreaterThanOrEqual(within(ms * 0.99) - 0.1);
    expect(Number(share)).toBeLessThanOrEqual(within(ms * 1.01) + 0.1);
    await page.mouse.move(0, 0);
    await expect.poll(() => readout.textContent(), PATIENCE).toBe('Point at a line, or touch it, to read it.');
  });

  test('the tables have the figures of the report', async () => {
    const metrics = ['headers', 'ttfb', 'ttfe', 'ttft', 'gap', 'contentGap', 'maxGap', 'duration'] as const;
    const rows = await opened.page.locator('#times tbody tr').allInnerTexts();
    for (const group of report.summary.groups) {
      const name = `${group.hop}, ${group.class.replace('-', ' ')}: ${group.turns} turn`;
      const first = rows.findIndex((row) => row.startsWith(name)) + 1;
      expect(first).toBeGreaterThan(0);
      const figures = rows.slice(first, first + metrics.length).map((row) => row.split('\t').map((cell) => cell.trim()));
      const expected = metrics.map((metric) => [
        group[metric].n.toLocaleString('en-US'),
        ...(['p50', 'p90', 'p95', 'p99', 'max'] as const).map((at) => formatTimeCell(group[metric][at])),
      ]);
      expect(figures.map((cells) => cells.slice(1, 7))).toEqual(expected);
    }
  });

  test('for those who do not see it: one first heading, levels in order, a name for every picture and table', async () => {
    const { page } = opened;
    const levels = await page
      .locator('h1, h2, h3')
      .evaluateAll((headings) => headings.map((heading) => Number(heading.tagName.slice(1))));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.slice(1).forEach((level, index) => {
      expect(level - (levels[index] ?? 0)).toBeLessThanOrEqual(1);
    });
    const unnamed = page.locator(
      '[role="img"]:not([aria-label]), svg:not([aria-hidden]), table:not(:has(caption)):not(.u-legend)',
    );
    expect(await unnamed.count()).toBe(0);
    expect(await page.locator('.lane [role="img"]').first().getAttribute('aria-label')).toMatch(
      /^Stream of turn \d+ through api: first byte after .*, longest silence .*, ended after /,
    );
  });

  test('a change of the scheme of colours redraws the charts', async () => {
    const { page } = opened;
    const light = await pixels(page, 'cdf-ttfb', '--api');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => pixels(page, 'cdf-ttfb', '--api'), PATIENCE).toBeGreaterThan(light / 2);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(15, 19, 25)');
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test.each([
    [390, 'light'],
    [390, 'dark'],
    [768, 'dark'],
    [1_920, 'light'],
  ] as const)('%i px wide, %s: nothing sticks out, charts fill their place', async (width, scheme) => {
    const { page, complaints, close } = await openFile(browser, renderBenchHtml(report), { width, scheme });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    for (const chart of CHARTS) {
      const plot = await page.locator(`figure[data-chart="${chart}"] .plot`).boundingBox();
      const canvas = await page.locator(`figure[data-chart="${chart}"] canvas`).boundingBox();
      expect(canvas?.width).toBeCloseTo(plot?.width ?? 0, -1);
      expect(await pixels(page, chart)).toBeGreaterThan(1_000);
    }
    // No column is cut off: on a phone each row becomes a block.
    const cut = await page
      .locator('.scroll')
      .evaluateAll((tables) => tables.filter((table) => table.scrollWidth > table.clientWidth).length);
    expect(cut).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a finger reads a chart as a pointer does', async () => {
    const { page } = opened;
    const readout = page.locator('figure[data-chart="cdf-ttfb"] output');
    await page.locator('figure[data-chart="cdf-ttfb"] .u-over').evaluate((over) => {
      const { left, top, width, height } = over.getBoundingClientRect();
      const [clientX, clientY] = [left + width * 0.35, top + height * 0.5];
      const touches = [new Touch({ identifier: 1, target: over, clientX, clientY })];
      over.dispatchEvent(new TouchEvent('touchstart', { touches, bubbles: true }));
    });
    await expect.poll(() => readout.textContent(), PATIENCE).toMatch(/^\w+, [\w ]+: [\d.]+ % within \d/);
  });

  test('turning a phone redraws the charts in their new width', async () => {
    const { page, close } = await openFile(browser, renderBenchHtml(report), { width: 390 });
    await page.setViewportSize({ width: 844, height: 390 });
    const canvas = page.locator('figure[data-chart="gaps"] canvas');
    await expect.poll(async () => (await canvas.boundingBox())?.width, PATIENCE).toBeGreaterThan(600);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => overflow(page), PATIENCE).toBeLessThanOrEqual(0);
    await close();
  });

  test('nothing of a server’s runs, asks or becomes an element', async () => {
    const { page, complaints, requests, close } = await openFile(browser, renderBenchHtml(hostileRun()));
    expect(await page.title()).toMatch(/agentstream bench$/);
    expect(await page.locator('img, a, iframe').count()).toBe(0);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.locator('body').innerText()).toContain('<img src=x onerror=');
    await close();
  });

  test('a run that is not valid: a banner, no chart', async () => {
    const { page, complaints, close } = await openFile(browser, renderBenchHtml(invalidRun()));
    expect(await page.getByRole('alert').innerText()).toMatch(/^INVALID: /);
    expect(await page.locator('canvas, figure').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });
});
