import type uPlot from 'uplot';
import type { Theme } from './theme.ts';

export interface AxisOptions {
  readonly format: (value: number) => string;
  readonly label?: string;
  /** With labels at 1, 2 and 5 of each power of ten, as many as there is room for. */
  readonly isLog?: boolean;
  readonly isUpright?: boolean;
  /** Least distance of two labels, px. */
  readonly space?: number;
  /** Width of an upright axis, height of a level one, px. */
  readonly size?: number;
  /** Distances that labels may have. */
  readonly steps?: readonly number[];
}

const SPACE = 64;
const LEVEL_SIZE = 30;

/** An axis in the page's colours. */
export function createAxis(
  theme: Theme,
  { format, label, isLog, isUpright, space = SPACE, size = LEVEL_SIZE, steps }: AxisOptions,
): uPlot.Axis {
  return {
    font: theme.font,
    stroke: theme.muted,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { stroke: theme.grid, width: 1, size: 6 },
    space,
    size,
    values: (_, splits) => splits.map((value) => (value === null ? '' : format(value))),
    ...(label !== undefined && { label, labelFont: theme.font, labelSize: 20 }),
    ...(steps && { incrs: [...steps] }),
    ...(isLog && {
      splits: (chart, _, low, high) =>
        roundSteps(low, high, isUpright ? 24 / (chart.height - 50) : space / (chart.width - 60)),
      filter: (_, splits) => splits,
    }),
  };
}

/** @param space the share of the axis that two labels are apart at least */
function roundSteps(low: number, high: number, space: number): number[] {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - first + 1 },
    (_, index) => 10 ** (first + index),
  );
  const within = (steps: readonly number[]): number[] =>
    powers
      .flatMap((power) => steps.map((step) => Number((power * step).toPrecision(6))))
      .filter((value) => value >= low && value <= high);
  const range = Math.log10(high / low);
  for (const steps of [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const distances = [...steps, 10]
      .slice(1)
      .map((step, at) => Math.log10(step / (steps[at] ?? 1)));
    if (Math.min(...distances) >= space * range) return within(steps);
  }
  return within([1]).filter((_, index) => index % 2 === 0);
}
