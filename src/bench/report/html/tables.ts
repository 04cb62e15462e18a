import type { BenchReport } from '../../figures/report.ts';
import type { GroupSummary, Summary } from '../../figures/summary.ts';
import { costWords, priceWords } from '../cost.ts';
import { html, type Markup, scrollTable } from './markup.ts';
import { CLASS_NAMES } from '../names.ts';
import { outcomeName, THRESHOLD_WORDS } from '../outcomes.ts';
import { type Figure, FIGURES, WITHHELD, withholds } from '../times.ts';
import { type Distribution, PERCENTILES } from '../../../stream/distribution.ts';
import { formatMs, formatTimeCell, formatUsd } from '../../../ui/format.ts';
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
  const figures = [HEADERS, ...FIGURES, ...SERVER].filter(({ of }) =>
    groups.some((group) => of(group).n > 0),
  );
  const head = html`<tr>
    <th scope="col">hop</th>
    <th scope="col">turns</th>
    <th scope="col" class="number">n</th>
    ${PERCENTILES.map((name) => html`<th scope="col" class="number">${name}</th>`)}
  </tr>`;
  return html`${scrollTable(
    'Times of every metric by hop and class of turns',
    head,
    figures.map((figure) => figureBody(figure, groups)),
  )}
  ${withholds(groups) ? html`<p class="note">${WITHHELD}</p>` : undefined}`;
}

function figureBody(
  { label, definition, of, metric }: Figure,
  groups: readonly GroupSummary[],
): Markup {
  return html`<tbody data-metric="${metric}">
    <tr class="group">
      <th scope="rowgroup" colspan="${3 + PERCENTILES.length}">
        <b>${label}</b> <span>${definition}</span>
      </th>
    </tr>
    ${groups.map((group) => figureRow(group, of(group)))}
  </tbody>`;
}

function figureRow(group: GroupSummary, values: Distribution): Markup | undefined {
  if (values.n === 0) return undefined;
  return html`<tr>
    <td><i class="dot" data-hop="${group.hop}"></i>${group.hop}</td>
    <td>${CLASS_NAMES[group.class]}</td>
    <td class="number">${values.n.toLocaleString('en-US')}</td>
    ${PERCENTILES.map((name) => html`<td class="number">${formatTimeCell(values[name])}</td>`)}
  </tr>`;
}

/** How turns came out, and the limit that explains it. */
export function outcomeTable({ outcomes }: Summary): Markup {
  return scrollTable(
    'Outcomes of the turns',
    html`<tr>
      <th scope="col">hop</th>
      <th scope="col" class="number">turns</th>
      <th scope="col">outcome</th>
      <th scope="col" class="rest">explained by</th>
    </tr>`,
    [
      html`<tbody>
        ${outcomes.map(
          (outcome) =>
            html`<tr class="${classOf(outcome)}">
              <td>${outcome.hop}</td>
              <td class="number">${outcome.count.toLocaleString('en-US')}</td>
              <td>${outcomeName(outcome)}</td>
              <td class="wrap">${outcome.explanation ?? ''}</td>
            </tr>`,
        )}
      </tbody>`,
    ],
  );
}

function classOf({ outcome }: Summary['outcomes'][number]): string {
  if (outcome === 'ok') return 'good';
  return outcome === 'unfinished' || outcome === 'cancelled' ? 'open' : 'bad';
}

/** The longest silences of all streams. */
export function silenceTable({ silences }: Summary): Markup {
  return scrollTable(
    'The longest silences',
    html`<tr>
      <th scope="col" class="number">silence</th>
      <th scope="col">hop</th>
      <th scope="col" class="number">turn</th>
      <th scope="col" class="number">began at</th>
      <th scope="col" class="rest">after</th>
    </tr>`,
    [
      html`<tbody>
        ${silences.map(
          ({ ms, hop, turn, atMs, after }) =>
            html`<tr>
              <td class="number">${formatMs(ms)}</td>
              <td><i class="dot" data-hop="${hop}"></i>${hop}</td>
              <td class="number">${turn}</td>
              <td class="number">${formatMs(atMs)}</td>
              <td>${printable(after)}</td>
            </tr>`,
        )}
      </tbody>`,
    ],
  );
}

/** Each threshold and whether it held. */
export function thresholdTable({ thresholds }: Summary): Markup {
  return scrollTable(
    'Thresholds',
    html`<tr>
      <th scope="col">result</th>
      <th scope="col">threshold</th>
      <th scope="col" class="rest">measured</th>
    </tr>`,
    [
      html`<tbody>
        ${thresholds.map(
          ({ threshold, result, measured }) =>
            html`<tr class="${result}">
              <td><b>${THRESHOLD_WORDS[result]}</b></td>
              <td><code>${printable(threshold)}</code></td>
              <td class="wrap">${measured}</td>
            </tr>`,
        )}
      </tbody>`,
    ],
  );
}

/** Cost of the run by part, and the costs that are not included. */
export function costSection({ run, summary: { cost } }: BenchReport): Markup {
  return html`<p>${costWords(cost)}</p>
    ${scrollTable(
      'Cost by part',
      html`<tr>
        <th scope="col">part</th>
        <th scope="col" class="number">amount</th>
        <th scope="col" class="rest">quantity</th>
      </tr>`,
      [
        html`<tbody>
          ${cost.parts.map(
            ({ name, amount, quantity }) =>
              html`<tr>
                <td class="wrap">${name}</td>
                <td class="number">${formatUsd(amount)}</td>
                <td>${quantity}</td>
              </tr>`,
          )}
        </tbody>`,
      ],
    )}
    <p class="note">${priceWords(run.prices)} Not included:</p>
    <ul class="note">
      ${cost.leftOut.map((each) => html`<li>${each}</li>`)}
    </ul>`;
}
