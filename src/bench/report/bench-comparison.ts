import type { Comparison, ComparisonRow, ComparisonVerdict } from '../figures/comparison.ts';
import {
  comparedCells,
  comparedName,
  COMPARISON_HEAD,
  COMPARISON_WORDS,
  comparisonNote,
} from './bench-comparison-words.ts';
import type { Style } from '../../ui/style.ts';
import { alignRows } from '../../ui/table.ts';
import { wrapText } from '../../ui/wrap-text.ts';

/**
 * Two runs side by side, for people.
 * @param columns 40 at least; every line fits
 */
export function renderComparison(comparison: Comparison, columns: number, style: Style): string {
  const width = Math.max(40, columns);
  const paints = paintsOf(style);
  const lines = [
    ...wrapText(COMPARISON_WORDS[comparison.verdict], width).map((line) =>
      style.bold(paints[comparison.verdict](line)),
    ),
    ...comparison.notes.flatMap((note) => wrapText(note, width, '- ')),
    ...(comparison.rows.length === 0 ? [] : ['', ...rowLines(comparison.rows, width, style)]),
    ...(comparison.rows.length === 0
      ? []
      : wrapText(comparisonNote(comparison), width).map(style.dim)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function rowLines(rows: readonly ComparisonRow[], width: number, style: Style): string[] {
  const paints = paintsOf(style);
  const table = alignRows(
    [COMPARISON_HEAD, ...rows.map((row) => [comparedName(row), ...comparedCells(row)])],
    { indent: '' },
  );
  const isWide = Math.max(...table.map((line) => line.length)) + 2 + VERDICT_WIDTH <= width;
  if (isWide) {
    return table.map((line, index) => {
      const verdict = rows[index - 1]?.verdict;
      return verdict === undefined ? style.dim(line) : `${line}  ${paints[verdict](verdict)}`;
    });
  }
  return rows.flatMap((row) => {
    const [before, after, difference] = comparedCells(row);
    return [
      ...wrapText(comparedName(row), width),
      ...wrapText(`${before} → ${after}`, width, '  '),
      ...wrapText(`${difference} ${paints[row.verdict](row.verdict)}`.trim(), width, '  '),
    ];
  });
}

const VERDICT_WIDTH = 'no difference shown'.length;

function paintsOf(style: Style): Readonly<Record<ComparisonVerdict, (text: string) => string>> {
  return {
    better: style.green,
    worse: style.red,
    'no difference shown': String,
    'cannot judge': style.yellow,
  };
}
