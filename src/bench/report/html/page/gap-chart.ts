import uPlot from 'uplot';
import type { GapData, GapSeries } from '../gap-data.ts';
import { acrossAt, createAxis, limitLines, type Place, type Theme } from './axis.ts';
import { clockTime, pointReadout } from './readout.ts';
import { formatSpan } from '../../../../ui/format.ts';

const HEIGHT = 340;
const SIZE = 6;
/** Seconds between two labels. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200];

type Drawing = (path: Path2D, x: number, y: number, radius: number) => void;

const circle: Drawing = (path, x, y, radius) => {
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, 2 * Math.PI);
};
const square: Drawing = (path, x, y, radius) => path.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
const triangle: Drawing = (path, x, y, radius) => {
  path.moveTo(x, y - radius);
  path.lineTo(x + radius, y + radius * 0.8);
  path.lineTo(x - radius, y + radius * 0.8);
  path.closePath();
};
const cross: Drawing = (path, x, y, radius) => {
  path.moveTo(x - radius, y - radius);
  path.lineTo(x + radius, y + radius);
  path.moveTo(x + radius, y - radius);
  path.lineTo(x - radius, y + radius);
};

/** A shape and its sign for each kind, so that colours are not needed to tell them apart. */
const SHAPES: Readonly<Record<GapSeries['kind'], { readonly draw: Drawing; readonly sign: string }>> = {
  api: { draw: circle, sign: '●' },
  lambda: { draw: square, sign: '■' },
  agentcore: { draw: triangle, sign: '▲' },
  bad: { draw: cross, sign: '✕' },
};

/** The longest silences of the streams over the time of the run, with the idle limits. */
export function drawGaps(data: GapData, { host, readout, theme }: Place): uPlot {
  const rows = data.series
    .flatMap(({ points }, series) => points.map((point) => ({ series, point })))
    .sort((a, b) => a.point[0] - b.point[0]);
  const lengths = rows.map(({ point }) => point[1]);
  const least = lengths.reduce((a, b) => Math.min(a, b), Infinity);
  const most = [...data.limits.map(({ ms }) => ms), ...lengths].reduce((a, b) => Math.max(a, b), 0);
  const columns = data.series.map((_, series) => rows.map((row) => (row.series === series ? row.point[1] : null)));
  const lines = limitLines((chart) => data.limits.map(({ ms, label }) => acrossAt(chart, ms, label)), theme);
  return new uPlot(
    {
      width: host.clientWidth,
      height: HEIGHT,
      scales: {
        x: { time: false, range: (_, low, high) => [Math.min(0, low), Math.max(high, low + 0.1) * 1.01] },
        y: { distr: 3, range: [least / 1.3, most * 1.6] },
      },
      axes: [
        createAxis(theme, { format: clockTime, label: 'time of the run', steps: CLOCK_STEPS }),
        createAxis(theme, { format: formatSpan, label: 'silence, log scale', isLog: true, size: 60, isUpright: true }),
      ],
      series: [{}, ...data.series.map((series) => pointsOf(series, theme))],
      legend: { live: false, markers: { width: 0, fill: (_, index) => theme[data.series[index - 1]?.kind ?? 'bad'] } },
      cursor: { points: { show: false }, x: false, y: false },
      plugins: [lines, pointReadout(rows, data, readout)],
    },
    [rows.map(({ point }) => point[0]), ...columns],
    host,
  );
}

function pointsOf({ kind, label, points }: GapSeries, theme: Theme): uPlot.Series {
  const colour = theme[kind];
  const isLine = kind === 'bad';
  return {
    label: `${SHAPES[kind].sign} ${label} (${points.length.toLocaleString('en-US')})`,
    stroke: colour,
    paths: () => null,
    points: {
      show: true,
      size: SIZE,
      width: isLine ? 2 : 1,
      stroke: colour,
      fill: isLine ? 'transparent' : `color-mix(in srgb, ${colour} 40%, transparent)`,
      paths: (chart, index, from, to) => shapes(chart, index, from, to, SHAPES[kind].draw),
    },
  };
}

function shapes(chart: uPlot, series: number, from: number, to: number, draw: Drawing): uPlot.Series.Points.Paths {
  const path = new Path2D();
  const radius = (SIZE / 2) * devicePixelRatio;
  for (let index = from; index <= to; index += 1) {
    const value = chart.data[series]?.[index];
    if (value === null || value === undefined) continue;
    const x = chart.valToPos(chart.data[0][index] ?? 0, 'x', true);
    draw(path, x, chart.valToPos(value, 'y', true), radius);
  }
  return { stroke: path, fill: path };
}
