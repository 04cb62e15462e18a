import stringWidth from 'string-width';
import { INDENT, type Sheet } from './sheet.ts';
import { formatSpan } from '../../ui/format.ts';

/** Values of one kind, each with how often it occurs. */
export interface BinSeries {
  readonly label: string;
  readonly samples: readonly (readonly [value: number, count: number])[];
}

interface Bin {
  /** Inclusive; 0 for the first one of a log scale, which holds all that is smaller. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** One for each series. */
  readonly counts: readonly number[];
}

export interface Bins {
  readonly scale: 'linear' | 'log';
  /** Without gaps between them, empty ones at neither end; none without samples. */
  readonly bins: readonly Bin[];
}

const MOST_BINS = 15;
/** A spread past this has a log scale. */
const LINEAR_UP_TO = 10;
/** A log scale begins here; shorter times share its first bin. */
const LOG_FROM_MS = 1;
const LOG_STEPS: readonly (readonly number[])[] = [[1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

/** Sorts times (ms) into a few bins with round edges. */
export function toBins(series: readonly BinSeries[]): Bins {
  const values = series.flatMap(({ samples }) => samples.map(([value]) => value));
  if (values.length === 0) return { scale: 'linear', bins: [] };
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const scale = most / Math.max(least, LOG_FROM_MS) > LINEAR_UP_TO ? 'log' : 'linear';
  const edges = scale === 'log' ? logEdges(least, most) : linearEdges(least, most);
  const counts = edges.map(() => series.map(() => 0));
  series.forEach(({ samples }, index) => {
    for (const [value, count] of samples) {
      const row =
        counts[
          Math.max(
            0,
            edges.findLastIndex((edge) => edge <= value),
          )
        ];
      if (row) row[index] = (row[index] ?? 0) + count;
    }
  });
  const bins = edges
    .slice(0, -1)
    .map((from, index) => ({ from, to: edges[index + 1] ?? from, counts: counts[index] ?? [] }));
  return { scale, bins };
}

/** The last edge is greater than `most`. */
function linearEdges(least: number, most: number): number[] {
  const step = roundStep(Math.max(most - least, most / 100, 1e-3) / (MOST_BINS - 2));
  const first = Math.floor(least / step);
  const count = Math.floor(most / step) - first + 2;
  // Multiplied, not added up: 3 times 0.1 must be 0.3 in a label.
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(9)));
}

function logEdges(least: number, most: number): number[] {
  const decades = Array.from({ length: 9 }, (_, power) => 10 ** power * LOG_FROM_MS);
  for (const steps of LOG_STEPS) {
    const grid = [0, ...decades.flatMap((decade) => steps.map((step) => decade * step))];
    const first = grid.findLastIndex((edge) => edge <= least);
    const last = grid.findIndex((edge) => edge > most);
    if (last - first <= MOST_BINS || steps.length === 1) return grid.slice(first, last + 1);
  }
  return [];
}

/** 1, 2 or 5 times a power of ten, and not less than this. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}

/** Distinguishable without colour. */
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
  const cells = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.round((count / most) * width))));
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
