import uPlot from 'uplot';
import type { ByteData, CdfData } from '../line-data.ts';
import { acrossAt, createAxis, type LimitLine, limitLines, type Theme } from './axis.ts';
import { lineReadout } from './readout.ts';
import { formatBytes, formatSpan } from '../../../../ui/format.ts';

const BYTES_HEIGHT = 280;

/** Bytes of single answers over time, with the sizes from which they are slowed down. */
export function drawBytes({ curves, limits, throttle }: ByteData, host: HTMLElement, readout: HTMLElement, theme: Theme): uPlot {
  const lines = (chart: uPlot): LimitLine[] => [
    ...limits.map(({ bytes, label }) => acrossAt(chart, bytes, label)),
    ...(throttle ? [slope(chart, throttle)] : []),
  ];
  const words = (line: number, s: number, bytes: number): string =>
    `${curves[line]?.label ?? ''}: ${formatBytes(bytes)} after ${formatSpan(s * 1_000)}`;
  const ends = [...curves.map(({ y }) => y.at(-1) ?? 0), ...limits.map(({ bytes }) => bytes)];
  return new uPlot(
    {
      width: host.clientWidth,
      height: BYTES_HEIGHT,
      scales: { x: { time: false, range: (_, _low, high) => [0, high * 1.02] }, y: { range: [0, Math.max(...ends) * 1.12] } },
      axes: [
        createAxis(theme, { format: (s) => formatSpan(s * 1_000) }),
        createAxis(theme, { format: formatBytes, space: 40, size: 60, isUpright: true }),
      ],
      series: [{}, ...curves.map((curve) => ({ ...lineOf(curve, theme), spanGaps: true }))],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false } },
      plugins: [limitLines(lines, theme.bad, theme.font), lineReadout(readout, words)],
    },
    uPlot.join(curves.map(({ x, y }) => [[...x], [...y]])),
    host,
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

const CDF_HEIGHT = 270;

/** Shares of turns by time: a line for each hop and class. */
export function drawCdf({ x, isLog, series }: CdfData, host: HTMLElement, readout: HTMLElement, theme: Theme): uPlot {
  const words = (line: number, ms: number, share: number): string => {
    const { label = '', n = 0 } = series[line] ?? {};
    return `${label}: ${share.toFixed(1)} % within ${formatSpan(ms)} (n ${n.toLocaleString('en-US')})`;
  };
  const steps = uPlot.paths.stepped?.({ align: 1 });
  return new uPlot(
    {
      width: host.clientWidth,
      height: CDF_HEIGHT,
      scales: { x: { time: false, distr: isLog ? 3 : 1, range: (_, low, high) => [low, high] }, y: { range: [0, 100] } },
      axes: [
        createAxis(theme, { format: formatSpan, isLog, space: 48 }),
        createAxis(theme, { format: (share) => `${share} %`, space: 40, size: 52, isUpright: true }),
      ],
      series: [{}, ...series.map((line) => ({ ...lineOf(line, theme), ...(steps && { paths: steps }) }))],
      legend: { show: false },
      cursor: { points: { size: 7 }, y: false, drag: { x: true, y: false } },
      focus: { alpha: 0.3 },
      plugins: [lineReadout(readout, words)],
    },
    [[...x], ...series.map((line) => x.map((_, at) => line.y[at - line.from] ?? null))],
    host,
  );
}

function lineOf({ hop, dash }: Pick<CdfData['series'][number], 'hop' | 'dash'>, theme: Theme): uPlot.Series {
  return { stroke: theme.hop(hop), width: 2, dash: [...dash], points: { show: false } };
}
