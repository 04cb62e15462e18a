import { markdownTable, markdownText } from '../../src/ui/markdown-text.ts';
import { wrapText } from '../../src/ui/wrap-text.ts';
import type { Outcome, Row } from './row.ts';

/** A row with what became of it. */
export interface Answered {
  readonly row: Pick<Row, 'id' | 'question' | 'assumed' | 'option'>;
  readonly outcome: Outcome;
}

const WORDS: Readonly<Record<Outcome['type'], string>> = {
  same: 'as assumed',
  differs: 'DIFFERS',
  'not-run': 'not run',
  failed: 'FAILED',
};
const LABEL_WIDTH = 22;
const DEFAULT_COLUMNS = 100;

/** Progress: a row as soon as it is answered. */
export function rowLine(answered: Answered, columns: number = DEFAULT_COLUMNS): string {
  return wrapText(answered.row.question, columns, `  ${label(answered)}`).join('\n');
}

function label({ row, outcome }: Answered): string {
  return `${WORDS[outcome.type].padEnd(12)}${row.id.padEnd(10)}`;
}

/** The table of assumptions for people, and its sum. */
export function reportLines(answers: readonly Answered[], columns: number = DEFAULT_COLUMNS): string {
  const indent = ' '.repeat(LABEL_WIDTH);
  const lines = answers.flatMap((answered) => {
    const { assumed, option } = answered.row;
    const { outcome } = answered;
    const further = [
      outcome.type === 'same' ? `assumed and seen: ${outcome.seen}` : `assumed: ${assumed}`,
      ...(outcome.type === 'differs' ? [`seen:    ${outcome.seen}`] : []),
      ...(outcome.type === 'failed' || outcome.type === 'not-run' ? [`why:     ${outcome.why}`] : []),
      ...(option === undefined ? [] : [`in the emulator: ${option}`]),
    ];
    return [
      ...wrapText(answered.row.question, columns, label(answered), indent),
      ...further.flatMap((text) => wrapText(text, columns, indent, `${indent}  `)),
    ];
  });
  const sums = Object.entries(WORDS).flatMap(([type, words]) => {
    const count = answers.filter(({ outcome }) => outcome.type === type).length;
    return count === 0 ? [] : `${count} ${words}`;
  });
  return `${lines.join('\n')}\n\n${answers.length} assumptions: ${sums.join(', ')}\n`;
}

/** The same as a Markdown table. */
export function reportMarkdown(answers: readonly Answered[]): string {
  const rows = answers.map(({ row, outcome }) => {
    const seen = 'seen' in outcome ? outcome.seen : `${WORDS[outcome.type]}: ${outcome.why}`;
    return [row.id, row.question, row.assumed, seen, row.option ?? ''].map(markdownText);
  });
  return `${markdownTable(['', 'question', 'assumed', 'seen', "the emulator's option"], rows)}\n`;
}
