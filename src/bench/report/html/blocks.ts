import { WARNED_SHARES } from '../../figures/headroom.ts';
import { html, type Markup } from './markup.ts';
import type { Block, ChartName, Column, Gauge, Interval, Row, Section, Sentence, Table, Tile, Tone } from '../document.ts';
import { levelTone } from '../document.ts';
import { keepUnits } from '../../../ui/wrap-text.ts';
import { formatMs, formatShare } from '../../../ui/format.ts';

/** Charts that are drawn; one of which there is nothing to draw is missing. */
export type Charts = Readonly<Partial<Record<ChartName, Markup>>>;

/** A section with its heading; undefined when nothing of it can be shown. */
export function sectionMarkup({ id, title, blocks }: Section, charts: Charts): Markup | undefined {
  const shown = blocks.flatMap((block) => blockMarkup(block, charts) ?? []);
  if (shown.length === 0) return undefined;
  if (title === '') return html`${shown}`;
  return html`<section id="${id}" aria-labelledby="title-${id}">
    <h2 id="title-${id}">${title}</h2>
    ${shown}
  </section>`;
}

function blockMarkup(block: Block, charts: Charts): Markup | undefined {
  switch (block.type) {
    case 'sentences':
      return sentencesMarkup(block.sentences, block.isList);
    case 'table':
      return block.rows.length === 0 ? undefined : tableMarkup(block);
    case 'gauges':
      return block.hops.length === 0
        ? undefined
        : html`<p class="note">${MARKS_NOTE}</p>
            <div class="cards">
              ${block.hops.map(
                ({ hop, title, gauges }) =>
                  html`<article class="card ${worstTone(gauges)}" data-hop="${hop}">
                    <h3><i class="dot" data-hop="${hop}"></i>${title}</h3>
                    ${gauges.map(gaugeMarkup)}
                  </article>`,
              )}
            </div>`;
    case 'intervals':
      return intervalsMarkup(block.intervals);
    case 'tiles':
      return html`<dl class="tiles">${block.tiles.map(tileMarkup)}</dl>`;
    case 'chart':
      return charts[block.chart];
    case 'bars':
      return undefined;
  }
}

function sentencesMarkup(sentences: readonly Sentence[], isList = false): Markup | undefined {
  if (sentences.length === 0) return undefined;
  if (!isList) return html`${sentences.map(({ text, tone }) => html`<p${toneClass(tone)}>${text}</p>`)}`;
  return html`<ul>
    ${sentences.map(({ text, tone }) => html`<li${toneClass(tone)}>${text}</li>`)}
  </ul>`;
}

function tileMarkup({ label, value, detail, tone }: Tile): Markup {
  return html`<div${toneClass(tone)}>
    <dt>${label}</dt>
    <dd><b>${keepUnits(value)}</b><span>${detail}</span></dd>
  </div>`;
}

function toneClass(tone: string | undefined): Markup | undefined {
  return tone === undefined ? undefined : html` class="${tone}"`;
}

/** A table that scrolls sideways on a narrow page, also with the keyboard. Without names of columns it has no head. */
function tableMarkup({ label, columns, rows }: Table): Markup {
  const hasHead = columns.some(({ name }) => name !== '');
  const head = html`<thead>
    <tr>
      ${columns.map(({ name, kind }) => html`<th scope="col" ${toneClass(kind)}>${name}</th>`)}
    </tr>
  </thead>`;
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table>
      <caption>
        ${label}
      </caption>
      ${hasHead ? head : undefined}
      <tbody>
        ${rows.map((row) => rowMarkup(row, columns))}
      </tbody>
    </table>
  </div>`;
}

function rowMarkup(row: Row, columns: readonly Column[]): Markup {
  if ('heading' in row) {
    return html`<tr class="group">
      <th scope="rowgroup" colspan="${columns.length}">${row.heading}</th>
    </tr>`;
  }
  const cells = columns.map(({ name, kind, isToned }, at) => {
    const text = row.cells[at] ?? '';
    const classes = [kind, isToned ? row.tone : undefined].filter((part) => part !== undefined).join(' ');
    const dot = name === 'hop' ? html`<i class="dot" data-hop="${text}"></i>` : undefined;
    const shown = kind === 'code' ? html`<code>${text}</code>` : html`${dot}${text}`;
    const label = name === '' || at === 0 ? undefined : html` data-label="${name}"`;
    return html`<td${classes === '' ? undefined : toneClass(classes)}${label}>${shown}</td>`;
  });
  return html`<tr>
    ${cells}
  </tr>`;
}

const MARKS_NOTE = `How close the streams came to their limits. The marks are at ${formatShare(WARNED_SHARES.half)} and ${formatShare(WARNED_SHARES.near)} of a limit, where warnings begin.`;
const MARKS = Object.values(WARNED_SHARES)
  .map((share) => `M${share * 100} 0V8`)
  .join('');

function worstTone(gauges: readonly Gauge[]): Tone {
  const tones = gauges.map(({ level }) => levelTone(level));
  return (['bad', 'warn'] as const).find((tone) => tones.includes(tone)) ?? 'good';
}

/** A bar against a limit: the end of the bar is the limit. */
function gaugeMarkup({ label, share, amount, level, warning, notes }: Gauge): Markup {
  const width = Math.min(100, Math.max((share ?? 0) * 100, 0.4)).toFixed(2);
  const bar = html`<svg class="${levelTone(level)}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="8" />
    <rect class="used" width="${width}" height="8" />
    <path class="mark" d="${MARKS}" />
    <path class="limit" d="M100 0V8" />
  </svg>`;
  return html`<div class="gauge">
    <p><b>${label}</b> <span>${amount}</span></p>
    ${share === undefined ? undefined : bar} ${warning === undefined ? undefined : html`<p class="warn">Warning: ${warning}.</p>`}
    ${notes.map((note) => html`<p class="note">${note}</p>`)}
  </div>`;
}

/** Percent of the axis. */
const LABEL_SPACE = 14;

/** Each difference in a sentence, and its interval on a common axis with zero marked. */
function intervalsMarkup(intervals: readonly Interval[]): Markup {
  const ends = [0, ...intervals.flatMap(({ place }) => (place ? [place.lowMs, place.highMs] : []))];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = Math.max((high - low) * 0.06, 0.1);
  const from = low - margin;
  const at = (ms: number): number => Number((((ms - from) / (high - low + 2 * margin)) * 100).toFixed(2));
  // An end that is too near to 0 has no room for a label of its own.
  const labels = [0, ...[low, high].filter((ms) => Math.abs(at(ms) - at(0)) > LABEL_SPACE)];
  const items = intervals.map(({ text, hop, place }) => {
    const drawing = place && intervalMarkup(hop, at(place.lowMs), at(place.medianMs), at(place.highMs), at(0));
    return html`<li><span>${text}</span>${drawing}</li>`;
  });
  const sign = (ms: number): string => (ms === 0 ? '0' : `${ms < 0 ? '-' : ''}${formatMs(Math.abs(ms))}`);
  return html`<div class="card">
    <ul class="differences">
      ${items}
    </ul>
    <p class="scale" aria-hidden="true">${labels.map((ms) => html`<span style="left: ${at(ms)}%">${sign(ms)}</span>`)}</p>
    <p class="note">The dashed line is no difference.</p>
  </div>`;
}

function intervalMarkup(hop: string, low: number, median: number, high: number, zero: number): Markup {
  return html`<svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" data-hop="${hop}">
    <path class="zero" d="M${zero} 0V12" />
    <rect class="interval" x="${low}" y="3" width="${Number(Math.max(high - low, 0.3).toFixed(2))}" height="6" />
    <path class="median" d="M${median} 1V11" />
  </svg>`;
}
