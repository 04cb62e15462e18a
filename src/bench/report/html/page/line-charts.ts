import uPlot from 'uplot';
import type { ByteData, CdfData } from '../line-data.ts';
import { acrossAt, createAxis, type LimitLine, limitLines, type Place } from './axis.ts';
import { lineReadout } from './readout.ts';
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

type Line = Pick<CdfData['series'][number], 'hop' | 'dash'>;

/** Lines in the colours of their hops. @param own what these lines have beside that */
function lineChart({ host, theme }: Place, lines: readonly Line[], own: uPlot.Series = {}) {
  const series = lines.map(({ hop, dash }) => ({
    stroke: theme[hop],
    width: 2,
    dash: [...dash],
    points: { show: false },
    ...own,
  }));
  return { width: host.clientWidth, series: [{}, ...series], legend: { show: false } };
}
