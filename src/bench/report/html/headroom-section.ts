import type { Summary } from '../../figures/summary.ts';
import { type Gauge, gaugesOf } from '../bench-gauges.ts';
import { HOP_NAMES } from '../bench-names.ts';
import { html, type Markup } from './markup.ts';

/** A bar against each limit of each hop: half and four fifths are marked, the end of the bar is the limit. */
export function headroomSection({ headroom }: Summary): Markup {
  return html`<div class="cards">
    ${headroom.map(
      (one) =>
        html`<article class="card" data-hop="${one.hop}">
          <h3>
            <i class="dot" data-hop="${one.hop}"></i>${one.hop} <small>${HOP_NAMES[one.hop]}</small>
          </h3>
          ${gaugesOf(one).map(gaugeMarkup)}
        </article>`,
    )}
  </div>`;
}

function gaugeMarkup({ what, label, share, amount, level, warning, notes }: Gauge): Markup {
  return html`<div class="gauge" data-level="${level}" data-what="${what}">
    <p><b>${label}</b> <span>${amount}</span></p>
    ${share === undefined ? undefined : bar(share)}
    ${warning === undefined ? undefined : html`<p class="warning">Warning: ${warning}.</p>`}
    ${notes.map((note) => html`<p class="note">${note}</p>`)}
  </div>`;
}

/** The amount stands beside it in words. */
function bar(share: number): Markup {
  const width = Math.min(100, Math.max(share * 100, 0.4)).toFixed(2);
  return html`<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="8" />
    <rect class="used" width="${width}" height="8" />
    <path class="mark" d="M50 0V8M80 0V8" />
    <path class="limit" d="M100 0V8" />
  </svg>`;
}
