import type uPlot from 'uplot';

export interface LimitLine {
  readonly label: string;
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
}

/** Draws dashed lines over a chart, each with its name above its left end. @param lines in the units of the axes */
export function limitLines(
  lines: (chart: uPlot) => readonly LimitLine[],
  colour: string,
  font: string,
): uPlot.Plugin {
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
