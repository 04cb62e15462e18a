import type { Distribution } from '../../../stream/distribution.ts';
import type { GroupSummary, Summary } from '../../figures/summary.ts';
import { FIGURES, type Figure, PERCENTILES, WITHHELD, withholds } from '../bench-figures.ts';
import { CLASS_NAMES } from '../bench-names.ts';
import { formatTimeCell } from '../../../ui/format.ts';
import { html, type Markup } from './markup.ts';
import { scrollTable } from './scroll-table.ts';

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
