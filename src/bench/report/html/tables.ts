import type { BenchReport } from '../../figures/report.ts';
import type { GroupSummary, Summary } from '../../figures/summary.ts';
import { costWords, priceWords } from '../cost.ts';
import { type Column, headRow, html, type Markup, rowTable, scrollTable } from './markup.ts';
import { CLASS_NAMES } from '../names.ts';
import { outcomeName, THRESHOLD_WORDS } from '../outcomes.ts';
import { type Figure, figureCells, FIGURES, WITHHELD, withholds } from '../times.ts';
import { type Distribution, PERCENTILES } from '../../../stream/distribution.ts';
import { formatMs, formatUsd } from '../../../ui/format.ts';
import { printable } from '../../../ui/sanitize.ts';

/** The answer's headers have a mark of their own, which the terminal leaves out. */
const HEADERS: Figure = {
  metric: 'headers',
  label: 'headers',
  definition: 'To the headers of the answer, before any byte of it.',
  of: ({ headers }) => headers,
};

const SERVER: readonly Figure[] = [
  {
    metric: 'init',
    label: 'init',
    definition: 'Server-Timing: how long the function’s environment took to start.',
    of: ({ init }) => init,
  },
  {
    metric: 'agent',
    label: 'agent',
    definition: 'Server-Timing: when the agent had answered the function.',
    of: ({ agent }) => agent,
  },
];

/** All times: for each metric what it is, and a row for each hop and class. */
export function figureTables({ groups }: Summary): Markup {
  const figures = [HEADERS, ...FIGURES, ...SERVER].filter(({ of }) => groups.some((group) => of(group).n > 0));
  const percentiles = PERCENTILES.map((name): Column => [name, 'number']);
  const head = headRow([['hop'], ['turns'], ['n', 'number'], ...percentiles]);
  return html`${scrollTable(
    'Times of every metric by hop and class of turns',
    head,
    figures.map((figure) => figureBody(figure, groups)),
  )}
  ${withholds(groups) ? html`<p class="note">${WITHHELD}</p>` : undefined}`;
}

function figureBody({ label, definition, of, metric }: Figure, groups: readonly GroupSummary[]): Markup {
  return html`<tbody data-metric="${metric}">
    <tr class="group">
      <th scope="rowgroup" colspan="${3 + PERCENTILES.length}"><b>${label}</b> <span>${definition}</span></th>
    </tr>
    ${groups.map((group) => figureRow(group, of(group)))}
  </tbody>`;
}

function figureRow(group: GroupSummary, values: Distribution): Markup | undefined {
  if (values.n === 0) return undefined;
  return html`<tr>
    <td><i class="dot" data-hop="${group.hop}"></i>${group.hop}</td>
    <td>${CLASS_NAMES[group.class]}</td>
    ${figureCells(values).map((cell) => html`<td class="number">${cell}</td>`)}
  </tr>`;
}

/** Outcomes of the turns, and the limits that explain them. */
export function outcomeTable({ outcomes }: Summary): Markup {
  return rowTable(
    'Outcomes of the turns',
    [['hop'], ['turns', 'number'], ['outcome'], ['explained by', 'rest', 'wrap']],
    outcomes,
    (outcome) => [outcome.hop, outcome.count.toLocaleString('en-US'), outcomeName(outcome), outcome.explanation],
    ({ outcome }) => {
      if (outcome === 'ok') return 'good';
      return outcome === 'unfinished' || outcome === 'cancelled' ? 'open' : 'bad';
    },
  );
}

/** The longest silences of all streams. */
export function silenceTable({ silences }: Summary): Markup {
  return rowTable(
    'The longest silences',
    [['silence', 'number'], ['hop'], ['turn', 'number'], ['began at', 'number'], ['after', 'rest', '']],
    silences,
    ({ ms, hop, turn, atMs, after }) => [
      formatMs(ms),
      html`<i class="dot" data-hop="${hop}"></i>${hop}`,
      turn,
      formatMs(atMs),
      printable(after),
    ],
  );
}

/** Each threshold and whether it held. */
export function thresholdTable({ thresholds }: Summary): Markup {
  return rowTable(
    'Thresholds',
    [['result'], ['threshold'], ['measured', 'rest', 'wrap']],
    thresholds,
    ({ threshold, result, measured }) => [
      html`<b>${THRESHOLD_WORDS[result]}</b>`,
      html`<code>${printable(threshold)}</code>`,
      measured,
    ],
    ({ result }) => result,
  );
}

/** Cost of the run by part, and the costs that are not included. */
export function costSection({ run, summary: { cost } }: BenchReport): Markup {
  const parts = rowTable(
    'Cost by part',
    [
      ['part', undefined, 'wrap'],
      ['amount', 'number'],
      ['quantity', 'rest', ''],
    ],
    cost.parts,
    ({ name, amount, quantity }) => [name, formatUsd(amount), quantity],
  );
  return html`<p>${costWords(cost)}</p>
    ${parts}
    <p class="note">${priceWords(run.prices)} Not included:</p>
    <ul class="note">
      ${cost.leftOut.map((each) => html`<li>${each}</li>`)}
    </ul>`;
}
