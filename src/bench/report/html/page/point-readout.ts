import type uPlot from 'uplot';
import type { GapData, GapSeries } from '../chart-data.ts';
import { formatSpan } from '../../../../ui/format.ts';

/** How far from a point the pointer may be, px. */
const REACH = 18;

interface Row {
  readonly series: number;
  readonly point: GapSeries['points'][number];
}

/** Says in words which point the pointer is at. */
export function pointReadout(
  rows: readonly Row[],
  { series, after }: GapData,
  readout: HTMLElement,
): uPlot.Plugin {
  const idle = readout.dataset['idle'] ?? '';
  const nearest = (chart: uPlot, left: number, top: number): Row | undefined => {
    let best: Row | undefined;
    let least = REACH ** 2;
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
  return {
    hooks: {
      setCursor(chart) {
        const { left = -1, top = -1 } = chart.cursor;
        const row = left < 0 ? undefined : nearest(chart, left, top);
        readout.textContent = row ? words(row) : idle;
      },
    },
  };

  function words({ series: index, point: [atS, ms, turn, number] }: Row): string {
    const before = after[number] === 'none' ? 'before any event' : `after ${after[number] ?? ''}`;
    return `${series[index]?.label ?? ''}, turn ${turn}: ${formatSpan(ms)} of silence ${before}, at ${clockTime(Math.floor(atS))} of the run`;
  }
}

/** Seconds since a start as a clock shows them: `2:05`, `1:00:00`. */
export function clockTime(s: number): string {
  const [hours, minutes, seconds] = [Math.floor(s / 3_600), Math.floor(s / 60) % 60, s % 60];
  const tail = `${String(Math.floor(seconds)).padStart(2, '0')}${seconds % 1 === 0 ? '' : (seconds % 1).toFixed(1).slice(1)}`;
  return hours === 0
    ? `${minutes}:${tail}`
    : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}
