import { percentileOf } from '../../stream/distribution.ts';
import type { VerdictName } from './turn-kinds.ts';
import type { ProbeVerdict } from './turn-record.ts';

/** One event of a probe: when it was sent by the sender's clock, and the stamp of the read that completed it by ours, ms. */
export type ProbeArrival = { readonly index: number; readonly sentMs: number; readonly atMs: number };

/** Sent closer together than this, events may share a read although nothing has held them. */
const LEAST_SPACING_MS = 2;
/** Less late than this is not late, however small the sender's distances. */
const LEAST_LATENESS_MS = 20;
/** An event that comes this share of the sender's distance after the one before came with it, however the reads were cut. */
const TOGETHER = 0.1;
/** Events a read from which they are coalesced. */
const COALESCED = 1.5;
/** The share of its sending time within which a buffered stream arrives, at most. */
const BUFFERED = 0.1;

/** The quickest event stands for the connection itself, so the clocks need not agree. @returns undefined when none were spaced */
export function judgeProbe(events: readonly ProbeArrival[]): ProbeVerdict | undefined {
  const quickest = events.reduce((least, event) => Math.min(least, event.atMs - event.sentMs), Infinity);
  const lags = events.map(({ atMs, sentMs }) => atMs - sentMs - quickest);
  const steps = stepsOf(events);
  const gap = median(steps.map(({ sentGapMs }) => sentGapMs));
  const spaced = steps.filter(({ sentGapMs }) => sentGapMs >= Math.max(gap / 2, LEAST_SPACING_MS));
  if (spaced.length === 0) return undefined;
  const together = spaced.filter(({ isTogether }) => isTogether).length;
  return {
    name: isBuffered(events) ? 'buffered' : nameOf(steps, spaced, lags, gap),
    eventsPerRead: (spaced.length + 1) / (spaced.length + 1 - together),
    coalesced: together / spaced.length,
    firstLagMs: lags[0] ?? 0,
    medianLagMs: median(lags),
  };
}

type Step = ReturnType<typeof stepsOf>[number];

/** From one event to the next. `to`: index of the later one. */
function stepsOf(events: readonly ProbeArrival[]) {
  return events.slice(1).map(({ sentMs, atMs }, index) => {
    const before = events[index];
    const sentGapMs = sentMs - (before?.sentMs ?? 0);
    const isTogether = atMs - (before?.atMs ?? 0) <= TOGETHER * sentGapMs;
    return { to: index + 1, sentGapMs, isTogether };
  });
}

function isBuffered(events: readonly ProbeArrival[]): boolean {
  const span = (name: 'sentMs' | 'atMs'): number => (events.at(-1)?.[name] ?? 0) - (events[0]?.[name] ?? 0);
  return span('atMs') < BUFFERED * span('sentMs');
}

function nameOf(steps: readonly Step[], spaced: readonly Step[], lags: readonly number[], gap: number): VerdictName {
  // Events of the first flush do not show how the stream went on.
  const second = steps.find(({ isTogether }) => !isTogether)?.to ?? lags.length;
  const later = spaced.filter(({ to }) => to >= second);
  const reads = later.filter(({ isTogether }) => !isTogether).length;
  if (later.length >= COALESCED * Math.max(1, reads)) return 'coalesced';

  const late = Math.max(gap / 2, LEAST_LATENESS_MS);
  if ((lags[0] ?? 0) <= late) return 'streaming';
  const goesOn = median(lags.slice(second)) <= late;
  return goesOn || holdsOneBack(steps, lags, late) ? 'late first flush' : 'streaming';
}

/** Each write goes out with the next one, and the last with the end: an event is as late as the next one was sent after it. */
function holdsOneBack(steps: readonly Step[], lags: readonly number[], late: number): boolean {
  const astray = steps.map(({ to, sentGapMs }) => Math.abs((lags[to - 1] ?? 0) - sentGapMs));
  return median(astray) <= median(steps.map(({ sentGapMs }) => sentGapMs)) / 2 && (lags.at(-1) ?? 0) <= late;
}

function median(values: readonly number[]): number {
  return percentileOf(Float64Array.from(values).sort(), 50) ?? 0;
}
