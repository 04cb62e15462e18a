import { CLASS_NAMES } from '../names.ts';
import { formatBytes, formatMs, plural } from '../../../ui/format.ts';
import { outcomeName } from '../outcomes.ts';
import { html, type Markup } from './markup.ts';
import type { BenchReport } from '../../figures/report.ts';
import type { StreamTrace, TurnRecord } from '../../run/turn-record.ts';

/** Marks of events by kind. Their rows (top, bottom) tell them apart, not colour alone. */
const MARKS = {
  text: { types: ['text-delta'], words: 'text', row: [6, 20] },
  reasoning: { types: ['reasoning-delta'], words: 'reasoning', row: [10, 20] },
  tool: { types: ['tool-start', 'tool-end'], words: 'tool begins, ends', row: [0, 8] },
  heartbeat: { types: ['heartbeat'], words: 'heartbeat', row: [22, 28] },
  error: { types: ['error'], words: 'error', row: [0, 28] },
  other: { types: [], words: 'other event', row: [14, 20] },
} as const satisfies Readonly<Record<string, MarkKind>>;

interface MarkKind {
  readonly types: readonly string[];
  readonly words: string;
  readonly row: readonly [top: number, bottom: number];
}

const MARK_KINDS = Object.entries<MarkKind>(MARKS);

const SPANS = Object.entries({ wait: 'wait for the first byte', silence: 'silence' });

/** A silence shorter than this share of the lane has no room for its length. */
const LABEL_FROM = 0.12;

/** Single streams, a lane each: when which events came, and where it was silent. */
export function streamsSection(turns: readonly TracedTurn[]): Markup {
  return html`<ul class="legend" aria-label="Marks">
      ${MARK_KINDS.map(([kind, { words, row }]) =>
        legendItem(html`<path class="mark ${kind}" d="M6 ${row[0]}V${row[1]}" />`, words),
      )}
      ${SPANS.map(([kind, words]) => legendItem(html`<rect class="${kind}" y="6" width="12" height="14" />`, words))}
    </ul>
    <ol class="lanes">
      ${turns.map(lane)}
    </ol>`;
}

function legendItem(shape: Markup, words: string): Markup {
  return html`<li>
    <svg viewBox="0 0 12 28" aria-hidden="true">${shape}</svg>
    ${words}
  </li>`;
}

function lane(turn: TracedTurn): Markup {
  const { trace, metrics } = turn;
  const marks = streamMarks(trace, metrics.durationMs);
  const badEnd = turn.outcome === 'ok' ? undefined : html`, <span class="warn">${outcomeName(turn)}</span>`;
  const facts = [
    plural(metrics.events, 'event'),
    plural(metrics.reads, 'read'),
    formatBytes(metrics.bytes),
    ...(trace.truncated ? ['only its beginning was written down'] : []),
  ].join(', ');
  return html`<li class="lane" data-turn="${turn.index}">
    <p>
      <i class="dot" data-hop="${turn.hop}"></i><b>${turn.hop}</b> turn ${turn.index}, ${CLASS_NAMES[turn.class]}${badEnd}
      <small>${facts}</small>
    </p>
    <div class="track" role="img" aria-label="${describe(turn, marks)}">
      ${drawing(marks)} ${marks.silences.map(silenceLabel)}
    </div>
    <p class="axis" aria-hidden="true">
      <span>0</span><span>${formatMs(marks.endMs / 2)}</span><span>${formatMs(marks.endMs)}</span>
    </p>
  </li>`;
}

function drawing({ events, reads, silences }: StreamMarks): Markup {
  return html`<svg viewBox="0 0 ${LANE} 32" preserveAspectRatio="none" aria-hidden="true">
    ${silences.map(
      ({ from, to, isFirst }) =>
        html`<rect class="${isFirst ? 'wait' : 'silence'}" x="${from}" y="6" width="${Math.max(1, to - from)}" height="14" />`,
    )}
    ${MARK_KINDS.map(([kind, { row }]) => {
      const places = events[kind as keyof typeof MARKS];
      return places.length === 0 ? undefined : html`<path class="mark ${kind}" d="${strokes(places, ...row)}" />`;
    })}
    <path class="reads" d="${strokes(reads, 29, 32)}" />
  </svg>`;
}

function strokes(places: readonly number[], top: number, bottom: number): string {
  return places.map((place) => `M${place} ${top}V${bottom}`).join('');
}

function silenceLabel({ from, to, ms }: StreamMarks['silences'][number]): Markup | undefined {
  if (to - from < LABEL_FROM * LANE) return undefined;
  return html`<span style="left: ${(from + to) / 2 / 10}%">${formatMs(ms)}</span>`;
}

/** The lane for those who do not see it. */
function describe({ metrics, hop, index }: TracedTurn, { endMs }: StreamMarks): string {
  const first = metrics.ttfbMs === undefined ? '' : `first byte after ${formatMs(metrics.ttfbMs)}, `;
  return `Stream of turn ${index} through ${hop}: ${first}longest silence ${formatMs(metrics.maxGapMs)} from ${formatMs(metrics.maxGapAtMs)} on, ended after ${formatMs(endMs)}.`;
}

type StreamMarks = ReturnType<typeof streamMarks>;

const LANE = 1_000;
/** A silence as long as this share of the stream is shown as one. */
const SILENCE_SHARE = 0.06;

/**
 * Where the reads, events and silences of a stream lie on its lane. Places are 0 to 1,000, ascending; those that would lie on each other
 * are one. `silences`: the wait for the first byte and long ones. @param durationMs of the stream
 */
export function streamMarks(trace: StreamTrace, durationMs: number) {
  const endMs = Math.max(durationMs, trace.readMs.at(-1) ?? 0, 1e-3);
  const place = (ms: number): number => Math.min(LANE, Math.max(0, Math.round((ms / endMs) * LANE)));
  const kindOf = (type = ''): string => MARK_KINDS.find(([, { types }]) => types.includes(type))?.[0] ?? 'other';
  const kinds = trace.eventTypes.map(kindOf);
  const events = MARK_KINDS.map(([kind]) => [kind, distinct(trace.eventMs.filter((_, at) => kinds[at] === kind).map(place))]);
  const starts = [0, ...trace.readMs];
  const ends = trace.truncated ? trace.readMs : [...trace.readMs, endMs];
  const silences = ends
    .map((ms, index) => ({ from: starts[index] ?? 0, to: ms, isFirst: index === 0 }))
    .filter(({ from, to, isFirst }) => isFirst || to - from >= SILENCE_SHARE * endMs)
    .map(({ from, to, isFirst }) => ({ from: place(from), to: place(to), ms: to - from, isFirst }));
  return {
    endMs,
    events: Object.fromEntries(events) as Record<keyof typeof MARKS, number[]>,
    reads: distinct(trace.readMs.map(place)),
    silences,
  };
}

function distinct(places: readonly number[]): number[] {
  return [...new Set(places)];
}

export type TracedTurn = TurnRecord & { readonly trace: StreamTrace };

/** Streams of one hop that are shown. */
const OF_A_HOP = 4;

/** Streams whose reads were written down, a few of each hop: the longest silences, the longest ones, the first ones. */
export function tracedTurns({ run, turns }: BenchReport): TracedTurn[] {
  const traced = turns.filter((turn): turn is TracedTurn => turn.phase === 'measured' && (turn.trace?.readMs.length ?? 0) > 0);
  return run.plan.hops.flatMap((hop) => {
    const own = traced.filter((turn) => turn.hop === hop);
    const picked = new Set([
      ...own.toSorted((a, b) => b.metrics.maxGapMs - a.metrics.maxGapMs).slice(0, 2),
      ...own.toSorted((a, b) => b.metrics.bytes - a.metrics.bytes).slice(0, 1),
      ...own.toSorted((a, b) => a.sentMs - b.sentMs),
    ]);
    return [...picked].slice(0, OF_A_HOP).sort((a, b) => a.sentMs - b.sentMs);
  });
}
