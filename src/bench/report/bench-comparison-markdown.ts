import type { Comparison } from '../figures/comparison.ts';
import {
  comparedCells,
  comparedName,
  COMPARISON_HEAD,
  COMPARISON_WORDS,
  comparisonNote,
} from './bench-comparison-words.ts';
import { markdownTable, markdownText } from '../../ui/markdown-text.ts';

/** Two runs side by side, for a pull request. @returns GitHub-flavoured Markdown */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const { verdict, notes, rows } = comparison;
  const table = rows.map((row) => [
    comparedName(row),
    ...comparedCells(row),
    row.verdict === 'better' || row.verdict === 'worse' ? `**${row.verdict}**` : row.verdict,
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
