// Writes docs/demo.svg: the demo as a terminal shows it, at its own pace. Light and dark follow the reader's settings.
//   node scripts/demo-picture.js
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));
const COLUMNS = 100;
const ROWS = 30;
const CHAR = { width: 8.4, height: 18 };
const PADDING = 14;
/** The last screen stays for so long before it begins again, s. */
const REST_S = 6;
/** A pause in which nothing can be seen is shortened to this, s. */
const LONGEST_S = 2.5;

/** @typedef {{ text: string, classes: string }} Span text in one style */
/** @typedef {{ at: number, row: number, column: number, spans: Span[] }} Piece what one read has added to a line */

const { pieces, endsAt } = await record();
writeFileSync(path('../docs/demo.svg'), draw(pieces, endsAt));
console.log(`docs/demo.svg: ${pieces.length} pieces in ${endsAt.toFixed(1)} s`);

/** Runs the demo. @returns {Promise<{ pieces: Piece[], endsAt: number }>} times in s */
async function record() {
  const env = { ...process.env, FORCE_COLOR: '1', COLUMNS: String(COLUMNS) };
  const child = spawn(process.execPath, [path('demo.js')], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  /** @type {Piece[]} */
  const found = [];
  let [row, column, classes] = [0, 0, ''];
  let [lastAt, at] = [performance.now(), 0];
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ part) => {
    at += Math.min((performance.now() - lastAt) / 1_000, LONGEST_S);
    lastAt = performance.now();
    /** @type {Piece} */
    let piece = { at, row, column, spans: [] };
    // eslint-disable-next-line no-control-regex
    for (const [, codes, text] of part.matchAll(/(?:\u001B\[([\d;]*)m)?([^\u001B]*)/g)) {
      if (codes !== undefined) classes = styleAfter(classes, codes);
      for (const cell of text ?? '') {
        if (cell === '\n' || column === COLUMNS) {
          found.push(piece);
          [row, column] = [row + 1, 0];
          piece = { at, row, column, spans: [] };
        }
        if (cell === '\n') continue;
        const last = piece.spans.at(-1);
        if (last?.classes === classes) last.text += cell;
        else piece.spans.push({ text: cell, classes });
        column += 1;
      }
    }
    found.push(piece);
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(`the demo ended with status ${status}`);
  return { pieces: found.filter(({ spans }) => spans.length > 0), endsAt: at };
}

/** SGR codes as class names: b bold, d dim, and c with the number of a colour. */
function styleAfter(/** @type {string} */ classes, /** @type {string} */ codes) {
  let set = new Set(classes.split(' ').filter(Boolean));
  for (const code of codes.split(';').map(Number)) {
    const without = (/** @type {RegExp} */ kind) => new Set([...set].filter((name) => !kind.test(name)));
    if (code === 0) set = new Set();
    else if (code === 1) set.add('b');
    else if (code === 2) set.add('d');
    else if (code === 22) set = without(/^[bd]$/);
    else if (code === 39) set = without(/^c/);
    else if (code >= 30 && code <= 97) set = without(/^c/).add(`c${code % 10}`);
  }
  return [...set].join(' ');
}

/** @param {Piece[]} all @param {number} end */
function draw(all, end) {
  const whole = end + REST_S;
  const percent = (/** @type {number} */ at) => `${((at / whole) * 100).toFixed(2)}%`;
  const width = Math.round(COLUMNS * CHAR.width + 2 * PADDING);
  const height = ROWS * CHAR.height + 2 * PADDING;
  const times = [...new Set(all.map(({ at }) => at))];
  const shown = times.map(
    (at, index) => `@keyframes t${index}{0%,${percent(at)}{opacity:0}${percent(at + 0.001)},100%{opacity:1}}`,
  );
  const scrolls = [];
  let top = 0;
  for (const { at, row } of all) {
    const next = Math.max(0, row + 2 - ROWS);
    if (next === top) continue;
    scrolls.push(`${percent(at)}{transform:translateY(${-top * CHAR.height}px)}`);
    top = next;
    scrolls.push(`${percent(at + 0.001)}{transform:translateY(${-top * CHAR.height}px)}`);
  }
  const last = `100%{transform:translateY(${-top * CHAR.height}px)}`;
  const texts = all.map(({ at, row, column, spans }) => {
    const parts = spans.map(({ text, classes }) =>
      classes ? `<tspan class="${classes}">${escape(text)}</tspan>` : escape(text),
    );
    const length = spans.reduce((sum, { text }) => sum + text.length, 0) * CHAR.width;
    const x = (PADDING + column * CHAR.width).toFixed(1);
    const y = PADDING + (row + 0.75) * CHAR.height;
    return `<text x="${x}" y="${y}" textLength="${length.toFixed(1)}" style="animation-name:t${times.indexOf(at)}">${parts.join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="agentstream's demo on a terminal">
<style>
svg{--back:#fbfbfc;--text:#24292f;--dim:#6e7781;--c1:#cf222e;--c2:#116329;--c3:#9a6700;--c4:#0969da;--c5:#8250df;--c6:#1b7c83}
@media(prefers-color-scheme:dark){svg{--back:#14171c;--text:#d7dce2;--dim:#8b949e;--c1:#ff7b72;--c2:#7ee787;--c3:#e3b341;--c4:#79c0ff;--c5:#d2a8ff;--c6:#76e3ea}}
.back{fill:var(--back)}text{fill:var(--text);font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre;animation:${whole.toFixed(2)}s step-end infinite}
.b{font-weight:700}.d{fill:var(--dim)}${[1, 2, 3, 4, 5, 6].map((code) => `.c${code}{fill:var(--c${code})}`).join('')}
.page{animation:page ${whole.toFixed(2)}s step-end infinite}@keyframes page{0%{transform:translateY(0)}${scrolls.join('')}${last}}
${shown.join('')}
@media(prefers-reduced-motion:reduce){text{animation:none}.page{animation:none;transform:translateY(${-top * CHAR.height}px)}}
</style>
<clipPath id="screen"><rect width="${width}" height="${height}" rx="8"/></clipPath>
<g clip-path="url(#screen)"><rect class="back" width="${width}" height="${height}"/><g class="page">
${texts.join('\n')}
</g></g></svg>
`;
}

function escape(/** @type {string} */ text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(' ', '\u00A0');
}
