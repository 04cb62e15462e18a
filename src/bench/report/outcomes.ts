import type { Table, Tone } from './document.ts';
import { describeSilence } from '../../stream/silence.ts';
import { formatMs } from '../../ui/format.ts';
import { printable } from '../../ui/sanitize.ts';
import type { OutcomeCount, Silence, Summary, ThresholdResult } from '../figures/report.ts';

/** How turns came out, each outcome with its status, its code and the limit that explains it. */
export function outcomeTable({ outcomes }: Pick<Summary, 'outcomes'>): Table {
  return {
    type: 'table',
    label: 'Outcomes of the turns',
    columns: [
      { name: 'hop' },
      { name: 'turns', kind: 'number' },
      { name: 'outcome', isToned: true },
      { name: 'explained by', kind: 'rest' },
    ],
    rows: outcomes.map((outcome) => ({
      cells: [outcome.hop, outcome.count.toLocaleString('en-US'), outcomeName(outcome), outcome.explanation ?? ''],
      tone: outcomeTone(outcome),
    })),
  };
}

/** How an outcome is painted. */
export function outcomeTone({ outcome }: OutcomeCount): Tone {
  if (outcome === 'ok') return 'good';
  return outcome === 'unfinished' || outcome === 'cancelled' ? 'warn' : 'bad';
}

/** An outcome with status and code: `http-error 429 THROTTLED`. */
export function outcomeName({ outcome, status, code }: Pick<OutcomeCount, 'outcome' | 'status' | 'code'>): string {
  if (outcome === 'ok') return outcome;
  return [
    outcome,
    ...(status === undefined || status === 200 ? [] : [String(status)]),
    ...(code === undefined ? [] : [printable(code)]),
  ].join(' ');
}

/** The longest silences of all streams: how long, where, after what. */
export function silenceTable({ silences }: Summary): Table {
  return {
    type: 'table',
    label: 'The longest silences',
    columns: [{ name: 'hop' }, { name: 'silence', kind: 'number' }, { name: 'where', kind: 'rest' }],
    rows: silences.map((silence) => ({ cells: [silence.hop, formatMs(silence.ms), silencePlace(silence)] })),
  };
}

/** Where a silence was: `turn 17, from 3.2 s on, after tool-start`. */
export function silencePlace(silence: Silence): string {
  const { turn, atMs, after } = silence;
  const from = atMs === 0 ? '' : `from ${formatMs(atMs)} on, `;
  return `turn ${turn}, ${from}${describeSilence({ ...silence, after: printable(after) })}`;
}

/** The result of a threshold in words, and how it is painted. */
export const THRESHOLD_WORDS: Readonly<Record<ThresholdResult['result'], readonly [word: string, tone: Tone]>> = {
  pass: ['pass', 'good'],
  fail: ['FAIL', 'bad'],
  'cannot-judge': ['cannot judge', 'warn'],
};

/** Each threshold, whether it held, and what was measured. */
export function thresholdTable({ thresholds }: Pick<Summary, 'thresholds'>): Table {
  return {
    type: 'table',
    label: 'Thresholds',
    columns: [
      { name: 'result', isToned: true },
      { name: 'threshold', kind: 'code' },
      { name: 'measured', kind: 'rest' },
    ],
    rows: thresholds.map(({ threshold, result, measured }) => {
      const [word, tone] = THRESHOLD_WORDS[result];
      return { cells: [word, printable(threshold), measured], tone };
    }),
  };
}
