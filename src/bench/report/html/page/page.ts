/// <reference lib="dom" />
import type uPlot from 'uplot';
import type { ChartData } from '../charts.ts';
import { drawBytes, drawCdf } from './line-charts.ts';
import { drawGaps } from './gap-chart.ts';
import { readTheme, type Theme } from './axis.ts';

/** Draws the charts of the page, and again when the scheme of colours changes. Runs in a browser. */
function start(): void {
  const text = document.querySelector('#chart-data')?.textContent;
  if (!text) return;
  const data = JSON.parse(text) as ChartData;
  let charts: { readonly chart: uPlot; readonly host: HTMLElement }[] = [];
  const redraw = (): void => {
    for (const { chart } of charts) chart.destroy();
    charts = drawAll(data, readTheme());
  };
  redraw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  const observer = new ResizeObserver(() => {
    for (const { chart, host } of charts) {
      if (chart.width !== host.clientWidth) {
        chart.setSize({ width: host.clientWidth, height: chart.height });
      }
    }
  });
  for (const { host } of charts) observer.observe(host);
}

function drawAll(data: ChartData, theme: Theme): { chart: uPlot; host: HTMLElement }[] {
  const drawn: { chart: uPlot; host: HTMLElement }[] = [];
  const into = (name: string, draw: (host: HTMLElement, readout: HTMLElement) => uPlot): void => {
    const figure = document.querySelector<HTMLElement>(`figure[data-chart="${name}"]`);
    const host = figure?.querySelector<HTMLElement>('.plot');
    const readout = figure?.querySelector<HTMLElement>('output');
    if (!host || !readout) return;
    const chart = draw(host, readout);
    host.dataset['series'] = String(chart.series.length - 1);
    drawn.push({ chart, host });
  };
  for (const cdf of data.cdfs) into(`cdf-${cdf.metric}`, (host, readout) => drawCdf(cdf, host, readout, theme));
  const { gaps, bytes } = data;
  if (gaps) into('gaps', (host, readout) => drawGaps(gaps, host, readout, theme));
  if (bytes) into('bytes', (host, readout) => drawBytes(bytes, host, readout, theme));
  return drawn;
}

start();
