import uPlot from 'uplot';
import type { CdfData, CdfSeries } from '../charts.ts';
import { createAxis, type Theme } from './axis.ts';
import { lineReadout } from './readout.ts';
import { formatSpan } from '../../../../ui/format.ts';

const HEIGHT = 270;

/** Shares of turns by time: a line for each hop and class. */
export function drawCdf(
  { x, isLog, series }: CdfData,
  host: HTMLElement,
  readout: HTMLElement,
  theme: Theme,
): uPlot {
  const words = (line: number, ms: number, share: number): string => {
    const { label = '', n = 0 } = series[line] ?? {};
    return `${label}: ${share.toFixed(1)} % within ${formatSpan(ms)} (n ${n.toLocaleString('en-US')})`;
  };
  return new uPlot(
    {
      width: host.clientWidth,
      height: HEIGHT,
      scales: {
        x: { time: false, distr: isLog ? 3 : 1, range: (_, low, high) => [low, high] },
        y: { range: [0, 100] },
      },
      axes: [
        createAxis(theme, { format: formatSpan, isLog, space: 48 }),
        createAxis(theme, {
          format: (share) => `${share} %`,
          space: 40,
          size: 52,
          isUpright: true,
        }),
      ],
      series: [{}, ...series.map((line) => lineOf(line, theme))],
      legend: { show: false },
      cursor: { points: { size: 7 }, y: false, drag: { x: true, y: false } },
      focus: { alpha: 0.3 },
      plugins: [lineReadout(readout, words)],
    },
    [[...x], ...series.map((line) => x.map((_, at) => line.y[at - line.from] ?? null))],
    host,
  );
}

function lineOf({ hop, dash }: CdfSeries, theme: Theme): uPlot.Series {
  const paths = uPlot.paths.stepped?.({ align: 1 });
  return {
    stroke: theme.hop(hop),
    width: 2,
    dash: [...dash],
    points: { show: false },
    ...(paths && { paths }),
  };
}
