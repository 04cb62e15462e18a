import type uPlot from 'uplot';
import type { GapData, GapSeries } from '../gap-data.ts';
import { formatSpan } from '../../../../ui/format.ts';

/** How far from a line the pointer may be, px. */
const LINE_REACH = 40;

/** Says where the pointer is on the nearest line. @param words for a line and its place, in the units of the axes */
export function lineReadout<Line>(
  readout: HTMLElement,
  lines: readonly Line[],
  words: (line: Line, x: number, y: number) => string,
): uPlot.Plugin {
  return pointerReadout(readout, (chart) => {
    const { idx, top = -1 } = chart.cursor;
    if (idx === null || idx === undefined || top < 0) return undefined;
    let said: string | undefined;
    let least = LINE_REACH;
    for (const [index, line] of lines.entries()) {
      const y = valueAt(chart.data[index + 1], idx);
      const distance = y === undefined ? Infinity : Math.abs(chart.valToPos(y, 'y') - top);
      if (y === undefined || distance > least) continue;
      least = distance;
      said = words(line, chart.data[0][idx] ?? 0, y);
    }
    return said;
  });
}

/** Shows what is at the pointer in words; where nothing is, what stands there when it is idle. */
function pointerReadout(readout: HTMLElement, words: (chart: uPlot) => string | undefined): uPlot.Plugin {
  const idle = readout.dataset['idle'] ?? '';
  const setCursor = (chart: uPlot): void => {
    readout.textContent = words(chart) ?? idle;
  };
  return { hooks: { ready: followTouch, setCursor } };
}

/** A finger moves the cursor as a pointer does; a scroll of the page stays one. */
function followTouch(chart: uPlot): void {
  const follow = ({ touches: [touch] }: TouchEvent): void => {
    const { left, top } = chart.over.getBoundingClientRect();
    if (touch) chart.setCursor({ left: touch.clientX - left, top: touch.clientY - top });
  };
  chart.over.addEventListener('touchstart', follow, { passive: true });
  chart.over.addEventListener('touchmove', follow, { passive: true });
}

/** The latest value of a line, since lines have values at different places. */
function valueAt(values: uPlot.AlignedData[number] = [], index: number): number | undefined {
  const list = Array.from(values as ArrayLike<number | null | undefined>);
  const isValue = (value: number | null | undefined): boolean => value !== null && value !== undefined;
  // Past its end there is no line.
  return list.slice(index).some(isValue) ? (list.slice(0, index + 1).findLast(isValue) ?? undefined) : undefined;
}

/** How far from a point the pointer may be, px. */
const POINT_REACH = 18;

type Row = { readonly series: number; readonly point: GapSeries['points'][number] };

/** Says in words which point the pointer is at. */
export function pointReadout(rows: readonly Row[], { series, after }: GapData, readout: HTMLElement): uPlot.Plugin {
  const nearest = (chart: uPlot, left: number, top: number): Row | undefined => {
    let best: Row | undefined;
    let least = POINT_REACH ** 2;
    for (const row of rows) {
      const dx = chart.valToPos(row.point[0], 'x') - left;
      const dy = chart.valToPos(row.point[1], 'y') - top;
      const distance = dx * dx + dy * dy;
      if (distance > least || chart.series[row.series + 1]?.show === false) continue;
      best = row;
      least = distance;
    }
    return best;
  };
  return pointerReadout(readout, (chart) => {
    const { left = -1, top = -1 } = chart.cursor;
    const row = left < 0 ? undefined : nearest(chart, left, top);
    if (!row) return undefined;
    const [atS, ms, turn, number] = row.point;
    const before = after[number] === 'none' ? 'before any event' : `after ${after[number] ?? ''}`;
    return `${series[row.series]?.label ?? ''}, turn ${turn}: ${formatSpan(ms)} of silence ${before}, at ${clockTime(Math.floor(atS))} of the run`;
  });
}

/** Seconds since a start as a clock shows them: `2:05`, `1:00:00`. */
export function clockTime(s: number): string {
  const [hours, minutes, seconds] = [Math.floor(s / 3_600), Math.floor(s / 60) % 60, s % 60];
  const tail = `${String(Math.floor(seconds)).padStart(2, '0')}${seconds % 1 === 0 ? '' : (seconds % 1).toFixed(1).slice(1)}`;
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}
