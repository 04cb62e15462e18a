import { WARNED_SHARES } from '../../figures/headroom.ts';
import type { HopDifference, Summary } from '../../figures/summary.ts';
import { type Gauge, gaugesOf } from '../headroom.ts';
import { DIFFERENCE_NOTE, differenceWords, probeWords } from '../hops.ts';
import { html, type Markup } from './markup.ts';
import { HOP_NAMES } from '../names.ts';
import { formatMs } from '../../../ui/format.ts';

/** A bar against each limit of each hop: half and four fifths are marked, the end of the bar is the limit. */
export function headroomSection({ headroom }: Summary): Markup {
  return html`<div class="cards">
    ${headroom.map(
      (one) =>
        html`<article class="card" data-hop="${one.hop}">
          <h3><i class="dot" data-hop="${one.hop}"></i>${one.hop} <small>${HOP_NAMES[one.hop]}</small></h3>
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

/** Where warnings begin. */
const MARKS = Object.values(WARNED_SHARES)
  .map((share) => `M${share * 100} 0V8`)
  .join('');

/** The amount stands beside it in words. */
function bar(share: number): Markup {
  const width = Math.min(100, Math.max(share * 100, 0.4)).toFixed(2);
  return html`<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="8" />
    <rect class="used" width="${width}" height="8" />
    <path class="mark" d="${MARKS}" />
    <path class="limit" d="M100 0V8" />
  </svg>`;
}

type Known = HopDifference & Required<Pick<HopDifference, 'medianMs' | 'lowMs' | 'highMs'>>;

/** Percent of the axis. */
const LABEL_SPACE = 14;

/** The latency that each hop adds: a sentence, and its interval on a common axis with zero marked. */
export function differencesSection({ differences }: Summary): Markup {
  const known = differences.filter(isKnown);
  const ends = [0, ...known.flatMap(({ lowMs, highMs }) => [lowMs, highMs])];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = Math.max((high - low) * 0.06, 0.1);
  const from = low - margin;
  const place = (ms: number): number => Number((((ms - from) / (high - low + 2 * margin)) * 100).toFixed(2));
  // An end that is too near to 0 has no room for a label of its own.
  const labels = [0, ...[low, high].filter((ms) => Math.abs(place(ms) - place(0)) > LABEL_SPACE)];
  return html`<ul class="differences">
      ${differences.map(
        (difference) =>
          html`<li data-metric="${difference.metric}">
            <span>${differenceWords(difference)}</span>
            ${isKnown(difference) ? interval(difference, place) : undefined}
          </li>`,
      )}
    </ul>
    <p class="scale" aria-hidden="true">
      ${labels.map((ms) => html`<span style="left: ${place(ms)}%">${signed(ms)}</span>`)}
    </p>
    <p class="note">${DIFFERENCE_NOTE} The dashed line is no difference.</p>`;
}

function interval({ medianMs, lowMs, highMs, upper }: Known, place: (ms: number) => number): Markup {
  const [low, high, median] = [place(lowMs), place(highMs), place(medianMs)];
  return html`<svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" data-hop="${upper}">
    <path class="zero" d="M${place(0)} 0V12" />
    <rect class="interval" x="${low}" y="3" width="${Number(Math.max(high - low, 0.3).toFixed(2))}" height="6" />
    <path class="median" d="M${median} 1V11" />
  </svg>`;
}

function isKnown(difference: HopDifference): difference is Known {
  const { medianMs, lowMs, highMs } = difference;
  return medianMs !== undefined && lowMs !== undefined && highMs !== undefined;
}

function signed(ms: number): string {
  if (ms === 0) return '0';
  return ms < 0 ? `-${formatMs(-ms)}` : formatMs(ms);
}

/** How the probes of each hop came through. */
export function probeSection({ verdicts }: Summary): Markup {
  return html`<ul class="verdicts">
    ${probeWords(verdicts).map(
      ({ hop, sentence, isGood, advice }) =>
        html`<li class="${isGood ? 'good' : 'bad'}">
          <b>${hop}</b>: ${sentence}${advice.map((text) => html`<p class="note">${text}</p>`)}
        </li>`,
    )}
  </ul>`;
}
