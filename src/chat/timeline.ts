import { formatMs } from '../ui/format.ts';
import { printable } from '../ui/sanitize.ts';
import type { Style } from '../ui/terminal.ts';

export interface TimelineEvent {
  readonly atMs: number;
  /** Type of the agent event, or `sent`, `headers`, `end`. */
  readonly type: string;
  /** Tool name or the like. */
  readonly label?: string | undefined;
}

/** One row: a period of the turn. */
interface Row {
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Silences of about the same length between its events, which have no rows of their own. */
  readonly pauses?: number;
}

/** A silence of at least this share of the turn, and this length, gets its own row. */
const SILENCE_SHARE = 0.08;
const MIN_SILENCE_MS = 50;
const SILENCE = 'silence';
/** As many silences of about the same length, between events of one kind, are a rhythm. */
const MIN_STEADY = 3;
const STEADY_WITHIN = 2;
const TIME_WIDTH = 9;
const MIN_BAR_WIDTH = 10;
const MAX_ROWS = 40;

/** A narrow terminal gets shorter labels and no column of starts. */
const WIDE = { label: 18, times: 2 };
const NARROW = { label: 12, times: 1 };
const NARROW_BELOW_COLUMNS = 60;

/** Draws a turn as a waterfall: a row per period, with its bar at its time. Lines fit into `columns` (at least 40). */
export function renderTimeline(events: readonly TimelineEvent[], columns: number, style: Style): string {
  const totalMs = Math.max(1, events.at(-1)?.atMs ?? 0);
  const layout = columns < NARROW_BELOW_COLUMNS ? NARROW : WIDE;
  const barWidth = Math.max(MIN_BAR_WIDTH, columns - layout.label - layout.times * (TIME_WIDTH + 1) - 1);
  const line = (label: string, bar: string, times: readonly string[]): string =>
    [
      label.slice(0, layout.label).padEnd(layout.label),
      bar,
      ...times.slice(-layout.times).map((time) => time.padStart(TIME_WIDTH)),
    ].join(' ');

  const rows = foldPauses(toRows(events, totalMs));
  const lines = rows.slice(0, MAX_ROWS).map(({ label, fromMs, toMs, pauses }) => {
    const from = Math.min(barWidth - 1, Math.floor((fromMs / totalMs) * barWidth));
    const length = Math.max(1, Math.min(barWidth - from, Math.round(((toMs - fromMs) / totalMs) * barWidth)));
    const [fill, paint] = label === SILENCE ? ['·', style.dim] : [pauses === undefined ? '█' : '▒', style.cyan];
    const bar = ' '.repeat(from) + paint(fill.repeat(length)) + ' '.repeat(barWidth - from - length);
    return line(pauses === undefined ? label : `${label}, ${pauses} pauses`, bar, [formatMs(fromMs), formatMs(toMs - fromMs)]);
  });
  if (rows.length > MAX_ROWS) lines.push(`and ${rows.length - MAX_ROWS} more`);
  return `${style.dim(line('what', ' '.repeat(barWidth), ['from', 'lasting']))}\n${lines.map((each) => `${each}\n`).join('')}`;
}

/** Folds events of one kind with steady pauses between them into one row. */
function foldPauses(rows: readonly Row[]): Row[] {
  const folded: Row[] = [];
  for (let at = 0; at < rows.length; at += 1) {
    const first = rows[at] as Row;
    const lengths: number[] = [];
    let last = at;
    for (; rows[last + 1]?.label === SILENCE && rows[last + 2]?.label === first.label; last += 2) {
      const { fromMs, toMs } = rows[last + 1] as Row;
      if (Math.max(...lengths, toMs - fromMs) > STEADY_WITHIN * Math.min(...lengths, toMs - fromMs)) break;
      lengths.push(toMs - fromMs);
    }
    if (lengths.length < MIN_STEADY) folded.push(first);
    else {
      folded.push({ ...first, toMs: (rows[last] as Row).toMs, pauses: lengths.length });
      at = last;
    }
  }
  return folded;
}

/** Joins consecutive events of one kind without a silence; a tool lasts until its end or the next text. */
function toRows(events: readonly TimelineEvent[], totalMs: number): Row[] {
  const silenceMs = Math.max(MIN_SILENCE_MS, totalMs * SILENCE_SHARE);
  const rows: { label: string; fromMs: number; toMs: number }[] = [];
  let tool: (typeof rows)[number] | undefined;
  let lastMs = 0;
  for (const event of events) {
    const { atMs, type } = event;
    if (type === 'sent') continue;
    if (type === 'headers') rows.push({ label: 'to headers', fromMs: 0, toMs: atMs });
    else if (tool) tool.toMs = atMs;
    else if (atMs - lastMs >= silenceMs) rows.push({ label: SILENCE, fromMs: lastMs, toMs: atMs });
    const endsTool = type === 'tool-end' || type === 'text-delta' || type === 'end';
    if (endsTool) tool = undefined;
    if (type !== 'headers' && type !== 'end' && type !== 'tool-end') {
      const label = labelOf(event);
      const previous = rows.at(-1);
      if (previous?.label === label && type !== 'tool-start') previous.toMs = atMs;
      else if (!tool || type === 'tool-start') rows.push({ label, fromMs: atMs, toMs: atMs });
      if (type === 'tool-start') tool = rows.at(-1);
    }
    lastMs = atMs;
  }
  return rows;
}

const LABELS: Readonly<Record<string, string>> = {
  'text-delta': 'text',
  'reasoning-delta': 'reasoning',
  'tool-start': 'tool',
  data: 'other events',
};

function labelOf({ type, label }: TimelineEvent): string {
  const name = LABELS[type] ?? type;
  return label === undefined ? name : `${name} ${printable(label)}`;
}
