import { API_THROTTLE_BYTES, LAMBDA_THROTTLE_BYTES, THROTTLED_BYTES_PER_SECOND } from '../../aws/limits.ts';
import { WARNED_SHARES } from '../figures/headroom.ts';
import type { Headroom, LimitLevel, Summary } from '../figures/summary.ts';
import { HOP_NAMES } from './names.ts';
import { silencePlace } from './outcomes.ts';
import { INDENT, remark, section, type Sheet } from './sheet.ts';
import { formatBytes, formatMs, formatShare, formatSpan, plural } from '../../ui/format.ts';
import type { Style } from '../../ui/style.ts';

/** How much of one limit was used. */
export interface Gauge {
  readonly what: 'silence' | 'stream' | 'answer';
  /** `longest silence`, `longest stream`, `largest answer`. */
  readonly label: string;
  /** Share of the limit, 0 and more; undefined without a limit. */
  readonly share: number | undefined;
  /** `41.20 s of 300 s (13.7 %)`. */
  readonly amount: string;
  readonly level: LimitLevel;
  /** The level in words; undefined when all is well. */
  readonly warning: string | undefined;
  /** More about it, sentences. */
  readonly notes: readonly string[];
}

const WARNINGS: Readonly<Record<LimitLevel, string | undefined>> = {
  ok: undefined,
  half: 'more than half of the limit is used',
  near: `more than ${formatShare(WARNED_SHARES.near)} of the limit is used`,
  reached: 'the limit was reached',
};

/** The three limits of a hop: silence, length of a stream, size of an answer. */
export function gaugesOf(headroom: Headroom): readonly Gauge[] {
  return [silenceGauge(headroom), streamGauge(headroom), answerGauge(headroom)];
}

function silenceGauge(headroom: Headroom): Gauge {
  const { longest, idleLimitMs, idleLevel, heartbeats, longestContentGapMs, idleCuts } = headroom;
  const ms = longest?.ms;
  const notes: string[] = [];
  if (longest) notes.push(`At ${silencePlace(longest)}.`);
  if (heartbeats > 0) {
    const without = longestContentGapMs > (ms ?? 0) ? longestContentGapMs : undefined;
    notes.push(
      `${plural(heartbeats, 'heartbeat')} arrived${without === undefined ? '.' : `; without them the longest silence would have been ${formatMs(without)}.`}`,
    );
  }
  if (idleCuts > 0) notes.push(`${plural(idleCuts, 'stream')} cut by the idle limit.`);
  return {
    what: 'silence',
    label: 'longest silence',
    ...timeOf(ms, idleLimitMs, 'no known idle limit'),
    level: idleLevel,
    warning: idleCuts > 0 ? WARNINGS.reached : WARNINGS[idleLevel],
    notes,
  };
}

function streamGauge(headroom: Headroom): Gauge {
  const { longestStreamMs, durationP99Ms, streamLimitMs, streamLevel, capCuts } = headroom;
  const notes = [
    ...(durationP99Ms === undefined ? [] : [`99 of 100 streams ended within ${formatMs(durationP99Ms)}.`]),
    ...(capCuts > 0 ? [`${plural(capCuts, 'stream')} cut by the length limit.`] : []),
  ];
  return {
    what: 'stream',
    label: 'longest stream',
    ...timeOf(longestStreamMs, streamLimitMs, 'no known length limit'),
    level: streamLevel,
    warning: capCuts > 0 ? WARNINGS.reached : WARNINGS[streamLevel],
    notes,
  };
}

function answerGauge({ hop, bandwidth }: Headroom): Gauge {
  const { largestBytes, level, throttled, fromBytes, bytesPerSecond } = bandwidth;
  const limit =
    hop === 'agentcore'
      ? undefined
      : largestBytes < LAMBDA_THROTTLE_BYTES || hop === 'lambda'
        ? LAMBDA_THROTTLE_BYTES
        : API_THROTTLE_BYTES;
  const bend =
    fromBytes === undefined || bytesPerSecond === undefined
      ? ''
      : `, the first from ${formatBytes(fromBytes)} on to ${formatBytes(Math.round(bytesPerSecond))}/s`;
  return {
    what: 'answer',
    label: 'largest answer',
    share: limit === undefined ? undefined : largestBytes / limit,
    amount:
      limit === undefined
        ? formatBytes(largestBytes)
        : `${formatBytes(largestBytes)}; from ${limit / 1_000_000} MB on ${THROTTLED_BYTES_PER_SECOND / 1_000_000} MB/s`,
    level,
    warning: throttled > 0 ? `${plural(throttled, 'stream')} slowed down${bend}` : WARNINGS[level],
    notes: [],
  };
}

function timeOf(ms: number | undefined, limitMs: number | undefined, noLimit: string): Pick<Gauge, 'share' | 'amount'> {
  if (ms === undefined) return { share: undefined, amount: 'none' };
  if (limitMs === undefined) return { share: undefined, amount: `${formatMs(ms)}; ${noLimit}` };
  const share = ms / limitMs;
  return { share, amount: `${formatMs(ms)} of ${formatSpan(limitMs)} (${formatShare(share)})` };
}

const LABEL_WIDTH = 'longest silence'.length;
const MAX_BAR = 30;
const MIN_BAR = 10;

/** How near each hop came to its limits: a bar against each limit, warnings in words. */
export function headroomLines({ headroom }: Summary, sheet: Sheet): string[] {
  return headroom.flatMap((one, index) => [
    ...(index === 0 ? [] : ['']),
    ...section(
      `Headroom, ${one.hop} (${HOP_NAMES[one.hop]})`,
      gaugesOf(one).flatMap((gauge) => gaugeLines(gauge, sheet)),
      sheet,
    ),
  ]);
}

function gaugeLines(gauge: Gauge, sheet: Sheet): string[] {
  const { style, columns } = sheet;
  const label = `${INDENT}${gauge.label.padEnd(LABEL_WIDTH)}`;
  const barWidth = Math.min(MAX_BAR, columns - label.length - gauge.amount.length - 4);
  const paint = painter(gauge, style);
  const head =
    barWidth < MIN_BAR || gauge.share === undefined
      ? [label.trimEnd(), ...remark(gauge.amount, sheet)]
      : [`${label}  ${bar(gauge.share, barWidth, paint)}  ${gauge.amount}`];
  const isShort = label.length + 2 + gauge.amount.length <= columns;
  const shown = gauge.share === undefined && isShort ? [`${label}  ${gauge.amount}`] : head;
  const warning = gauge.warning === undefined ? [] : remark(`Warning: ${gauge.warning}.`, sheet, paint);
  return [...shown, ...warning, ...gauge.notes.flatMap((note) => remark(note, sheet, style.dim))];
}

/** A bar with marks where warnings begin. */
function bar(share: number, width: number, paint: (text: string) => string): string {
  const filled = share <= 0 ? 0 : Math.min(width, Math.max(1, Math.round(share * width)));
  const marks = new Set(Object.values(WARNED_SHARES).map((warned) => Math.round(width * warned)));
  const rest = Array.from({ length: width - filled }, (_, index) => (marks.has(filled + index) ? '╎' : '·'));
  return paint('█'.repeat(filled)) + rest.join('');
}

function painter({ level }: Gauge, style: Style): (text: string) => string {
  if (level === 'ok') return style.green;
  return level === 'half' ? style.yellow : style.red;
}
