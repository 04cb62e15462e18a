import type { Comparison, ComparisonRow, ComparisonVerdict } from '../figures/comparison.ts';
import { CLASS_NAMES } from './bench-names.ts';
import { formatTimeCell } from '../../ui/format.ts';

/** What a comparison says first. */
export const COMPARISON_WORDS: Readonly<Record<ComparisonVerdict, string>> = {
  better: 'BETTER than before.',
  worse: 'WORSE than before.',
  'no difference shown': 'No difference shown.',
  'cannot judge': 'Cannot judge.',
};

/** What the column of differences holds. */
export function comparisonNote({ confidence }: Comparison): string {
  return `Difference: after minus before, with its ${confidence} % bootstrap interval in brackets.`;
}

export const COMPARISON_HEAD = ['', 'before', 'after', 'difference'];

/** What a row is about: `api, warm: ttfb p95`. */
export function comparedName({ hop, class: name, metric }: ComparisonRow): string {
  return `${hop}${name === undefined ? '' : `, ${CLASS_NAMES[name]}`}: ${metric}`;
}

/** Before, after and difference of a row, each with what it stands on. */
export function comparedCells(
  row: ComparisonRow,
): [before: string, after: string, difference: string] {
  const { unit, before, after, nBefore, nAfter, difference, low, high } = row;
  const value = (amount: number | undefined, n: number): string =>
    `${amount === undefined ? '-' : valueIn(unit, amount)} (n ${n.toLocaleString('en-US')})`;
  const interval =
    low === undefined || high === undefined
      ? ''
      : ` [${signedIn(unit, low)}, ${signedIn(unit, high)}]`;
  return [
    value(before, nBefore),
    value(after, nAfter),
    difference === undefined ? '-' : `${signedIn(unit, difference)}${interval}`,
  ];
}

function valueIn(unit: ComparisonRow['unit'], amount: number): string {
  return unit === 'ms' ? formatTimeCell(amount) : `${Number((amount * 100).toFixed(2))} %`;
}

function signedIn(unit: ComparisonRow['unit'], amount: number): string {
  const sign = amount < 0 ? '-' : '+';
  const size = Math.abs(amount);
  return sign + (unit === 'ms' ? formatTimeCell(size) : `${Number((size * 100).toFixed(2))} pp`);
}
