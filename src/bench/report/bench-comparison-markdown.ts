import type { Comparison } from '../figures/comparison.ts';
import {
  comparedCells,
  comparedName,
  COMPARISON_HEAD,
  COMPARISON_NOTE,
  COMPARISON_WORDS,
} from './bench-comparison-words.ts';
import { markdownTable, markdownText } from '../../ui/markdown-text.ts';

/** Two runs side by side, for a pull request. @returns GitHub-flavoured Markdown */
export function renderComparisonMarkdown({ verdict, notes, rows }: Comparison): string {
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
    rows.length === 0 ? '' : COMPARISON_NOTE,
  ]
    .filter((block) => block !== '')
    .join('\n\n')
    .concat('\n');
}

/** An interval in brackets must not become a link. */
function escapeBrackets(cell: string): string {
  return cell.replaceAll(/[[\]]/g, String.raw`\$&`);
}
