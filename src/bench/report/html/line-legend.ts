import type { Hop } from '../../../stream/stream-part.ts';
import { html, type Markup } from './markup.ts';

/** Lines of a chart: its colour says the hop, its dashes the rest. */
export function lineLegend(
  lines: readonly { readonly label: string; readonly hop: Hop; readonly dash: readonly number[] }[],
): Markup {
  return html`<ul class="legend" aria-label="Lines">
    ${lines.map(
      ({ label, hop, dash }) =>
        html`<li>
          <svg class="line" viewBox="0 0 36 8" aria-hidden="true" data-hop="${hop}">
            <path d="M0 4H36" stroke-dasharray="${dash.join(' ')}" />
          </svg>
          ${label}
        </li>`,
    )}
  </ul>`;
}
