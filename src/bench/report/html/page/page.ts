/// <reference lib="dom" />
import type uPlot from 'uplot';
import type { ChartData } from '../charts.ts';
import { drawBytes, drawCdf, drawGaps } from './charts.ts';
import { type Place, readTheme, type Theme } from './axis.ts';

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
      if (chart.width !== host.clientWidth) chart.setSize({ width: host.clientWidth, height: chart.height });
    }
  });
  for (const { host } of charts) observer.observe(host);
}

function drawAll(data: ChartData, theme: Theme): { chart: uPlot; host: HTMLElement }[] {
  const into = (name: string, draw: (place: Place) => uPlot) => {
    const figure = document.querySelector<HTMLElement>(`figure[data-chart="${name}"]`);
    const host = figure?.querySelector<HTMLElement>('.plot');
    const readout = figure?.querySelector<HTMLElement>('output');
    if (!host || !readout) return [];
    const chart = draw({ host, readout, theme });
    host.dataset['series'] = String(chart.series.length - 1);
    return [{ chart, host }];
  };
  const { cdfs, gaps, bytes } = data;
  return [
    ...cdfs.flatMap((cdf) => into(`cdf-${cdf.metric}`, (place) => drawCdf(cdf, place))),
    ...(gaps ? into('gaps', (place) => drawGaps(gaps, place)) : []),
    ...(bytes ? into('bytes', (place) => drawBytes(bytes, place)) : []),
  ];
}

start();
