import uPlot from 'uplot';
import type { ByteData } from '../charts.ts';
import { acrossAt, createAxis, type LimitLine, limitLines, type Theme } from './axis.ts';
import { lineReadout } from './readout.ts';
import { formatBytes, formatSpan } from '../../../../ui/format.ts';

const HEIGHT = 280;

/** Bytes of single answers over time, with the sizes from which they are slowed down. */
export function drawBytes(
  { curves, limits, throttle }: ByteData,
  host: HTMLElement,
  readout: HTMLElement,
  theme: Theme,
): uPlot {
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
      height: HEIGHT,
      scales: {
        x: { time: false, range: (_, _low, high) => [0, high * 1.02] },
        y: { range: [0, Math.max(...ends) * 1.12] },
      },
      axes: [
        createAxis(theme, { format: (s) => formatSpan(s * 1_000) }),
        createAxis(theme, { format: formatBytes, space: 40, size: 60, isUpright: true }),
      ],
      series: [
        {},
        ...curves.map(({ hop, dash }) => ({
          stroke: theme.hop(hop),
          width: 2,
          dash: [...dash],
          spanGaps: true,
          points: { show: false },
        })),
      ],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false } },
      plugins: [limitLines(lines, theme.bad, theme.font), lineReadout(readout, words)],
    },
    uPlot.join(curves.map(({ x, y }) => [[...x], [...y]])),
    host,
  );
}

/** The throttled throughput from here on. */
function slope(
  chart: uPlot,
  { atS, bytes, bytesPerSecond }: NonNullable<ByteData['throttle']>,
): LimitLine {
  const end = chart.scales['x']?.max ?? atS + 1;
  return {
    label: `${bytesPerSecond / 1_000_000} MB/s`,
    from: { x: atS, y: bytes },
    to: { x: end, y: bytes + (end - atS) * bytesPerSecond },
  };
}
