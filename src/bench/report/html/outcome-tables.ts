import type { BenchReport } from '../../figures/report.ts';
import type { Summary } from '../../figures/summary.ts';
import { costWords, priceWords } from '../bench-cost.ts';
import { outcomeName } from '../bench-outcomes.ts';
import { THRESHOLD_WORDS } from '../bench-thresholds.ts';
import { formatMs, formatUsd } from '../../../ui/format.ts';
import { printable } from '../../../ui/sanitize.ts';
import { html, type Markup } from './markup.ts';
import { scrollTable } from './scroll-table.ts';

/** How turns came out, and the limit that explains it. */
export function outcomeTable({ outcomes }: Summary): Markup {
  return scrollTable(
    'How the turns came out',
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

/** What the run cost and what is not in that. */
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
    <p class="note">${priceWords(run.prices)} Not in it:</p>
    <ul class="note">
      ${cost.leftOut.map((each) => html`<li>${each}</li>`)}
    </ul>`;
}
