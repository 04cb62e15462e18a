import type { ReportDocument, Tone } from './document.ts';
import { CLASS_NAMES } from './names.ts';
import { formatTimeCell } from '../../ui/format.ts';
import type { Comparison, ComparisonRow, ComparisonVerdict } from '../figures/compare-reports.ts';

const VERDICTS: Readonly<Record<ComparisonVerdict, readonly [sentence: string, tone: Tone | undefined]>> = {
  better: ['BETTER than before.', 'good'],
  worse: ['WORSE than before.', 'bad'],
  'no difference shown': ['No difference shown.', undefined],
  'cannot judge': ['Cannot judge.', 'warn'],
};

/** Two runs side by side. */
export function comparisonDocument({ verdict, notes, rows, confidence }: Comparison): ReportDocument {
  const [text, tone] = VERDICTS[verdict];
  const note = `Difference: after minus before, with its ${confidence} % bootstrap interval in brackets.`;
  const explained = rows.length === 0 ? [] : [{ text: note, tone: 'note' as const }];
  return {
    headline: { text, tone },
    reasons: [],
    sections: [
      {
        id: 'rows',
        title: '',
        blocks: [
          {
            type: 'table',
            label: 'Figures of both runs',
            columns: [
              { name: '' },
              { name: 'before', kind: 'number' },
              { name: 'after', kind: 'number' },
              { name: 'difference', kind: 'number' },
              { name: 'verdict', isToned: true },
            ],
            rows: rows.map((row) => ({
              cells: [
                // `api, warm: ttfb p95`
                `${row.hop}${row.class === undefined ? '' : `, ${CLASS_NAMES[row.class]}`}: ${row.metric}`,
                ...comparedCells(row),
                row.verdict + (row.reason === undefined ? '' : `: ${row.reason}`),
              ],
              tone: VERDICTS[row.verdict][1],
            })),
          },
          { type: 'sentences', sentences: explained },
        ],
      },
      { id: 'notes', title: '', blocks: [{ type: 'sentences', sentences: notes.map((each) => ({ text: each })), isList: true }] },
    ],
  };
}

function comparedCells({ unit, before, after, nBefore, nAfter, difference, low, high }: ComparisonRow): string[] {
  const value = (amount: number | undefined, n: number): string =>
    `${amount === undefined ? '-' : valueIn(unit, amount)} (n ${n.toLocaleString('en-US')})`;
  const interval = low === undefined || high === undefined ? '' : ` [${signedIn(unit, low)}, ${signedIn(unit, high)}]`;
  const change = difference === undefined ? '-' : `${signedIn(unit, difference)}${interval}`;
  return [value(before, nBefore), value(after, nAfter), change];
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
