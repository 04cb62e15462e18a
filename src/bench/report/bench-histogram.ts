import stringWidth from 'string-width';
import type { Bin, BinSeries } from './bench-bins.ts';
import { toBins } from './bench-bins.ts';
import { formatSpan } from '../../ui/format.ts';
import { INDENT, type Sheet } from './bench-section.ts';

/** Told apart without colours too. */
const FILLS = ['█', '▒', '▓', '░'];

/**
 * A histogram of times (ms) lying on its side: a row a bin, each series with a fill of its own, counts at the right.
 * @returns lines; none without samples
 */
export function renderHistogram(series: readonly BinSeries[], sheet: Sheet): string[] {
  const present = series.filter(({ samples }) => samples.length > 0);
  const { bins, scale } = toBins(present);
  const most = Math.max(0, ...bins.map(total));
  if (most === 0) return [];
  const labels = bins.map(edgeLabel);
  const labelWidth = Math.max(...labels.map((label) => stringWidth(label)));
  const counts = bins.map((bin) => total(bin).toLocaleString('en-US'));
  const countWidth = Math.max(...counts.map((count) => count.length));
  const width = Math.min(60, sheet.columns - INDENT.length - labelWidth - 2 - countWidth - 1);
  const paints = [sheet.style.cyan, sheet.style.yellow, sheet.style.green, sheet.style.red];
  const rows = bins.map((bin, row) => {
    const cells = toCells(bin, most, width);
    const bar = cells
      .map((length, index) => paints[index % 4]?.((FILLS[index % 4] ?? '').repeat(length)) ?? '')
      .join('');
    const space = ' '.repeat(width - cells.reduce((sum, length) => sum + length, 0));
    const label = (labels[row] ?? '').padStart(labelWidth);
    return `${INDENT}${label} │${bar}${space} ${(counts[row] ?? '').padStart(countWidth)}`;
  });
  return [...rows, ...legend(present, scale, sheet)];
}

function legend(series: readonly BinSeries[], scale: string, { style, columns }: Sheet): string[] {
  const fills = series.length < 2 ? [] : series.map(({ label }, at) => `${FILLS[at % 4]} ${label}`);
  const parts = [...fills, ...(scale === 'log' ? ['log scale'] : [])];
  if (parts.length === 0) return [];
  const line = `${INDENT}${parts.join('  ')}`;
  const lines = stringWidth(line) <= columns ? [line] : parts.map((part) => INDENT + part);
  return lines.map((each) => style.dim(each));
}

/** How long each series' part of a bar is. What is there has one cell at least. */
function toCells({ counts }: Bin, most: number, width: number): number[] {
  const cells = counts.map((count) =>
    count === 0 ? 0 : Math.max(1, Math.round((count / most) * width)),
  );
  while (cells.reduce((sum, length) => sum + length, 0) > width) {
    const longest = cells.indexOf(Math.max(...cells));
    cells[longest] = (cells[longest] ?? 0) - 1;
  }
  return cells;
}

function total({ counts }: Bin): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function edgeLabel({ from, to }: Bin): string {
  if (from === 0) return `< ${formatSpan(to)}`;
  return formatSpan(from);
}
