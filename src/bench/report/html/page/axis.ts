import type uPlot from 'uplot';

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
export function createAxis(theme: Theme, options: AxisOptions): uPlot.Axis {
  const { format, label, isLog, isUpright, space = SPACE, size = LEVEL_SIZE, steps } = options;
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
      splits: (chart, _, low, high) => roundSteps(low, high, isUpright ? 24 / (chart.height - 50) : space / (chart.width - 60)),
      filter: (_, splits) => splits,
    }),
  };
}

/** @param space the share of the axis that two labels are apart at least */
function roundSteps(low: number, high: number, space: number): number[] {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, index) => 10 ** (first + index));
  const within = (steps: readonly number[]): number[] =>
    powers
      .flatMap((power) => steps.map((step) => Number((power * step).toPrecision(6))))
      .filter((value) => value >= low && value <= high);
  const range = Math.log10(high / low);
  for (const steps of [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const distances = [...steps, 10].slice(1).map((step, at) => Math.log10(step / (steps[at] ?? 1)));
    if (Math.min(...distances) >= space * range) return within(steps);
  }
  return within([1]).filter((_, index) => index % 2 === 0);
}

export type Theme = ReturnType<typeof readTheme>;

/** Where a chart is drawn, where it says what is pointed at, and in which colours. */
export type Place = { readonly host: HTMLElement; readonly readout: HTMLElement; readonly theme: Theme };

/** Colours and fonts of the charts that hold now: those of the style sheet, so that both schemes are kept in one place. */
export function readTheme() {
  const probe = document.body.appendChild(document.createElement('i'));
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const hops = { api: colour('api'), lambda: colour('lambda'), agentcore: colour('agentcore') };
  const theme = { ...hops, muted: colour('muted'), grid: colour('grid'), bad: colour('bad'), font: '12px system-ui, sans-serif' };
  probe.remove();
  return theme;
}

export interface LimitLine {
  readonly label: string;
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
}

/** Draws dashed lines over a chart, each with its name above its left end. @param lines in the units of the axes */
export function limitLines(lines: (chart: uPlot) => readonly LimitLine[], { bad: colour, font }: Theme): uPlot.Plugin {
  const draw = (chart: uPlot): void => {
    const { ctx, bbox } = chart;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    ctx.font = font.replace(/^\d+/, (size) => String(Number(size) * ratio));
    ctx.textAlign = 'left';
    for (const { label, from, to } of lines(chart)) {
      const [x, y] = [chart.valToPos(from.x, 'x', true), chart.valToPos(from.y, 'y', true)];
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(chart.valToPos(to.x, 'x', true), chart.valToPos(to.y, 'y', true));
      ctx.stroke();
      // Below the line where there is no room above it.
      const isHigh = y - bbox.top < 20 * ratio;
      ctx.textBaseline = isHigh ? 'top' : 'bottom';
      ctx.fillText(label, Math.max(x, bbox.left) + 6 * ratio, y + (isHigh ? 4 : -4) * ratio);
    }
    ctx.restore();
  };
  return { hooks: { draw } };
}

/** A line over the whole width at this height. */
export function acrossAt(chart: uPlot, y: number, label: string): LimitLine {
  const { min = 0, max = 1 } = chart.scales['x'] ?? {};
  return { label, from: { x: min ?? 0, y }, to: { x: max ?? 1, y } };
}
