import type { Comparison, ComparisonRow, ComparisonVerdict } from '../figures/comparison.ts';
import { CLASS_NAMES } from './names.ts';
import { formatTimeCell } from '../../ui/format.ts';
import { markdownTable, markdownText } from '../../ui/markdown-text.ts';
import type { Style } from '../../ui/style.ts';
import { alignRows } from '../../ui/table.ts';
import { wrapText } from '../../ui/wrap-text.ts';

/** First sentence of a comparison. */
const COMPARISON_WORDS: Readonly<Record<ComparisonVerdict, string>> = {
  better: 'BETTER than before.',
  worse: 'WORSE than before.',
  'no difference shown': 'No difference shown.',
  'cannot judge': 'Cannot judge.',
};

/** Explains the column of differences. */
function comparisonNote({ confidence }: Comparison): string {
  return `Difference: after minus before, with its ${confidence} % bootstrap interval in brackets.`;
}

const COMPARISON_HEAD = ['', 'before', 'after', 'difference'];

/** Name of a row: `api, warm: ttfb p95`. */
function comparedName({ hop, class: name, metric }: ComparisonRow): string {
  return `${hop}${name === undefined ? '' : `, ${CLASS_NAMES[name]}`}: ${metric}`;
}

/** Before, after and difference of a row, each with what it stands on. */
function comparedCells(row: ComparisonRow): [before: string, after: string, difference: string] {
  const { unit, before, after, nBefore, nAfter, difference, low, high } = row;
  const value = (amount: number | undefined, n: number): string =>
    `${amount === undefined ? '-' : valueIn(unit, amount)} (n ${n.toLocaleString('en-US')})`;
  const interval = low === undefined || high === undefined ? '' : ` [${signedIn(unit, low)}, ${signedIn(unit, high)}]`;
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
  const size = Math.abs(amount);
  const text = unit === 'ms' ? formatTimeCell(size) : `${Number((size * 100).toFixed(2))} pp`;
  // A change that is shown as nothing has no sign.
  return /[1-9]/.test(text) ? (amount < 0 ? '-' : '+') + text : text;
}

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
    ...(comparison.rows.length === 0 ? [] : wrapText(comparisonNote(comparison), width).map(style.dim)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function rowLines(rows: readonly ComparisonRow[], width: number, style: Style): string[] {
  const paints = paintsOf(style);
  const table = alignRows([COMPARISON_HEAD, ...rows.map((row) => [comparedName(row), ...comparedCells(row)])], {
    indent: '',
  });
  const verdictWidth = Math.max(...rows.map((row) => verdictWords(row).length));
  const isWide = Math.max(...table.map((line) => line.length)) + 2 + verdictWidth <= width;
  if (isWide) {
    return table.map((line, index) => {
      const row = rows[index - 1];
      return row === undefined ? style.dim(line) : `${line}  ${paints[row.verdict](verdictWords(row))}`;
    });
  }
  return rows.flatMap((row) => {
    const [before, after, difference] = comparedCells(row);
    return [
      ...wrapText(comparedName(row), width),
      ...wrapText(`${before} → ${after}`, width, '  '),
      ...wrapText(`${difference} ${paints[row.verdict](verdictWords(row))}`.trim(), width, '  '),
    ];
  });
}

/** The verdict, with the rule that it rests on. */
function verdictWords({ verdict, reason }: ComparisonRow): string {
  return reason === undefined ? verdict : `${verdict}: ${reason}`;
}

function paintsOf(style: Style): Readonly<Record<ComparisonVerdict, (text: string) => string>> {
  return {
    better: style.green,
    worse: style.red,
    'no difference shown': String,
    'cannot judge': style.yellow,
  };
}

/** Two runs side by side, for a pull request. @returns GitHub-flavoured Markdown */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const { verdict, notes, rows } = comparison;
  const table = rows.map((row) => [
    comparedName(row),
    ...comparedCells(row),
    row.verdict === 'better' || row.verdict === 'worse' ? `**${row.verdict}**` : verdictWords(row),
  ]);
  return [
    `**${COMPARISON_WORDS[verdict]}**`,
    notes.map((note) => `- ${markdownText(note)}`).join('\n'),
    markdownTable(
      [...COMPARISON_HEAD, 'verdict'],
      table.map((row) => row.map(escapeBrackets)),
      1,
    ),
    rows.length === 0 ? '' : comparisonNote(comparison),
  ]
    .filter((block) => block !== '')
    .join('\n\n')
    .concat('\n');
}

/** An interval in brackets must not become a link. */
function escapeBrackets(cell: string): string {
  return cell.replaceAll(/[[\]]/g, String.raw`\$&`);
}
