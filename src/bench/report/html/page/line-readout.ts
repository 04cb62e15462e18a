import type uPlot from 'uplot';

/** How far from a line the pointer may be, px. */
const REACH = 40;

/**
 * Says in words where the pointer is on the nearest line.
 * @param words for a line (from 0) and its place there, in the units of the axes
 */
export function lineReadout(
  readout: HTMLElement,
  words: (line: number, x: number, y: number) => string,
): uPlot.Plugin {
  const idle = readout.dataset['idle'] ?? '';
  return {
    hooks: {
      setCursor(chart) {
        const { idx, top = -1 } = chart.cursor;
        readout.textContent = idle;
        if (idx === null || idx === undefined || top < 0) return;
        let least = REACH;
        for (let series = 1; series < chart.data.length; series += 1) {
          const y = valueAt(chart.data[series], idx);
          const distance = y === undefined ? Infinity : Math.abs(chart.valToPos(y, 'y') - top);
          if (y === undefined || distance > least) continue;
          least = distance;
          readout.textContent = words(series - 1, chart.data[0][idx] ?? 0, y);
        }
      },
    },
  };
}

/** What a line was at last: lines of other places of their own have none just here. */
function valueAt(values: uPlot.AlignedData[number] | undefined, index: number): number | undefined {
  if (!values || !('length' in values)) return undefined;
  // Past its end there is no line.
  if (values.slice(index).every((value) => value === null || value === undefined)) return undefined;
  for (let at = index; at >= 0; at -= 1) {
    const value = values[at];
    if (value !== null && value !== undefined) return value;
  }
  return undefined;
}
