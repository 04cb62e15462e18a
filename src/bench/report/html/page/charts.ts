import uPlot from 'uplot';
import type { GapData, GapSeries } from '../gap-data.ts';
import type { ByteData, CdfData } from '../line-data.ts';
import { acrossAt, createAxis, type LimitLine, limitLines, type Place, type Theme } from './axis.ts';
import { clockTime, lineReadout, pointReadout } from './readout.ts';
import { formatBytes, formatSpan } from '../../../../ui/format.ts';

/** Bytes of single answers over time, with the sizes from which they are slowed down. */
export function drawBytes({ curves, limits, throttle }: ByteData, place: Place): uPlot {
  const lines = (chart: uPlot): LimitLine[] => [
    ...limits.map(({ bytes, label }) => acrossAt(chart, bytes, label)),
    ...(throttle ? [slope(chart, throttle)] : []),
  ];
  const readout = lineReadout(
    place.readout,
    curves,
    ({ label }, s, bytes) => `${label}: ${formatBytes(bytes)} after ${formatSpan(s * 1_000)}`,
  );
  const ends = [...curves.map(({ y }) => y.at(-1) ?? 0), ...limits.map(({ bytes }) => bytes)];
  return new uPlot(
    {
      ...lineChart(place, curves, { spanGaps: true }),
      height: 280,
      scales: { x: { time: false, range: (_, _low, high) => [0, high * 1.02] }, y: { range: [0, Math.max(...ends) * 1.12] } },
      axes: [
        createAxis(place.theme, { format: (s) => formatSpan(s * 1_000) }),
        createAxis(place.theme, { format: formatBytes, space: 40, size: 60, isUpright: true }),
      ],
      cursor: { points: { show: false }, y: false },
      plugins: [limitLines(lines, place.theme), readout],
    },
    uPlot.join(curves.map(({ x, y }) => [[...x], [...y]])),
    place.host,
  );
}

function slope(chart: uPlot, { atS, bytes, bytesPerSecond }: NonNullable<ByteData['throttle']>): LimitLine {
  const end = chart.scales['x']?.max ?? atS + 1;
  return {
    label: `${bytesPerSecond / 1_000_000} MB/s`,
    from: { x: atS, y: bytes },
    to: { x: end, y: bytes + (end - atS) * bytesPerSecond },
  };
}

/** Shares of turns by time: a line for each hop and class. */
export function drawCdf({ x, isLog, series }: CdfData, place: Place): uPlot {
  const readout = lineReadout(
    place.readout,
    series,
    ({ label, n }, ms, share) => `${label}: ${share.toFixed(1)} % within ${formatSpan(ms)} (n ${n.toLocaleString('en-US')})`,
  );
  const steps = uPlot.paths.stepped?.({ align: 1 });
  return new uPlot(
    {
      ...lineChart(place, series, steps && { paths: steps }),
      height: 270,
      scales: { x: { time: false, distr: isLog ? 3 : 1, range: (_, low, high) => [low, high] }, y: { range: [0, 100] } },
      axes: [
        createAxis(place.theme, { format: formatSpan, isLog, space: 48 }),
        createAxis(place.theme, { format: (share) => `${share} %`, space: 40, size: 52, isUpright: true }),
      ],
      cursor: { points: { size: 7 }, y: false },
      plugins: [readout],
    },
    [[...x], ...series.map((line) => x.map((_, at) => line.y[at - line.from] ?? null))],
    place.host,
  );
}

/** Lines in the colours of their hops. @param own what these lines have beside that */
function lineChart(place: Place, lines: readonly Pick<CdfData['series'][number], 'hop' | 'dash'>[], own: uPlot.Series = {}) {
  const { host, theme } = place;
  const series = lines.map(({ hop, dash }) => ({
    stroke: theme[hop],
    width: 2,
    dash: [...dash],
    points: { show: false },
    ...own,
  }));
  return { width: host.clientWidth, series: [{}, ...series], legend: { show: false } };
}

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
      height: 340,
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
