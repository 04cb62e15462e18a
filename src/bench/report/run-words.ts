import type { RunFacts } from '../figures/report-schema.ts';
import type { BenchReport } from '../figures/report.ts';
import type { GroupSummary, Summary } from '../figures/summary.ts';
import { HOP_NAMES, TURNS_OF_CLASS } from './names.ts';
import { paragraph, section, type Sheet } from './sheet.ts';
import type { Load, SessionPolicy } from '../run/plan.ts';
import { formatMs, formatShare, formatSpan, plural } from '../../ui/format.ts';

/** Setup of the run as pairs of name and value. */
export function describeRun({ plan, startedAt, versions }: RunFacts): readonly [string, string][] {
  const pairs: readonly [string, string | undefined][] = [
    ['load', describeLoad(plan.load)],
    ['hops', describeHops(plan.hops)],
    ['sent', describeContent(plan)],
    ['sessions', plan.probe ? undefined : describeSessions(plan.session)],
    ['warm-up', plan.warmupMs === 0 ? undefined : formatSpan(plan.warmupMs)],
    ['started', startedAt],
    ['with', `agentstream ${versions.agentstream}, Node.js ${versions.node}, seed ${plan.seed}`],
  ];
  return pairs.filter((pair): pair is [string, string] => pair[1] !== undefined);
}

/** Turns that the figures leave out and why, in sentences. `isTrouble`: worth a look. */
export function describeLeftOut({
  run,
  summary: { counts },
  turns,
}: BenchReport): readonly { readonly text: string; readonly isTrouble: boolean }[] {
  const pilots = turns.filter(({ phase }) => phase === 'pilot').length;
  const { opened, stopped, left } = run.sessions;
  const lines: { text: string; isTrouble: boolean }[] = [];
  const say = (text: string, isTrouble: boolean): void => void lines.push({ text, isTrouble });
  if (run.stoppedBy) {
    const why = run.stoppedBy === 'interrupt' ? 'interrupted' : 'stopped by its budget';
    say(`The run was ${why} before its plan was done: the report covers the turns until then.`, true);
  }
  if (counts.unfinished > 0) {
    const grace = formatSpan(run.plan.graceMs);
    say(`${plural(counts.unfinished, 'turn')} unfinished: still streaming after the grace period of ${grace}.`, true);
  }
  if (counts.cancelled > 0) {
    say(`${plural(counts.cancelled, 'turn')} cancelled by the end of the run.`, true);
  }
  if (run.unsent !== undefined) {
    say(`${plural(run.unsent, 'turn')} never sent: this client's rate limits held them back until the end.`, true);
  }
  const apart = [
    ...(pilots > 0 ? [plural(pilots, 'pilot turn')] : []),
    ...(counts.warmup > 0 ? [plural(counts.warmup, 'warm-up turn')] : []),
  ];
  if (apart.length > 0) say(`Not in the figures: ${apart.join(' and ')}.`, false);
  if (opened > 0) {
    const kept = left === 0 ? '' : `, ${left.toLocaleString('en-US')} left open until they time out`;
    say(
      `${plural(opened, 'session')} opened, ${stopped.toLocaleString('en-US')} stopped${kept}.`,
      left > 0 && !run.plan.keepsSessions,
    );
  }
  return lines;
}

function describeLoad({ model, arrival, startLevel, stages, turns }: Load): string {
  const name = (level: number): string =>
    model === 'closed'
      ? plural(level, 'virtual user')
      : `${level.toLocaleString('en-US')} turns/s${arrival === 'poisson' ? ' (Poisson)' : ''}`;
  let level = startLevel;
  const parts = stages.map((stage) => {
    const isFlat = stage.level === level;
    level = stage.level;
    return isFlat
      ? `${name(level)} for ${formatSpan(stage.durationMs)}`
      : `to ${name(level)} in ${formatSpan(stage.durationMs)}`;
  });
  if (stages[0] && stages[0].level !== startLevel) parts.unshift(`from ${name(startLevel)}`);
  const path = parts.length === 0 ? name(startLevel) : parts.join(', ');
  return turns === undefined ? path : `${path}, until ${plural(turns, 'turn')} to each hop`;
}

function describeHops(hops: RunFacts['plan']['hops']): string {
  const names = hops.map((hop) => `${hop} (${HOP_NAMES[hop]})`).join(', ');
  return hops.length > 1 ? `${names}; interleaved in random order` : names;
}

function describeContent({ probe, conversations }: RunFacts['plan']): string {
  if (!probe) return `${plural(conversations, 'conversation')}, taken in turn`;
  const size = probe.size_bytes === 0 ? '' : `, ${probe.size_bytes} bytes each`;
  const delay = probe.first_delay_ms === 0 ? '' : `, after ${formatSpan(probe.first_delay_ms)}`;
  return `the function's own probe: ${plural(probe.count, 'event')}, ${formatSpan(probe.interval_ms)} apart${size}${delay}`;
}

function describeSessions(session: SessionPolicy): string {
  switch (session.type) {
    case 'new':
      return 'a new one for each conversation';
    case 'per-vu':
      return 'used again, one conversation after another';
    case 'fixed':
      return 'one for each hop';
    case 'resume':
      return `used again after a rest of ${formatSpan(session.restMs)}`;
  }
}

/** How the measuring client itself fared. */
export function clientLines(report: BenchReport, sheet: Sheet): string[] {
  return section(
    'This client',
    clientWords(report).flatMap((text) => paragraph(text, sheet)),
    sheet,
  );
}

/** The client's own lateness against its bound, and its noise on loopback; sentences. */
export function clientWords({ run, clients, summary }: BenchReport): readonly string[] {
  const { lateness, loopDelayP99Ms, busy } = summary.validity.lag;
  const n = `n ${lateness.n.toLocaleString('en-US')}`;
  const late =
    lateness.p99 !== undefined
      ? `turns sent ${formatMs(lateness.p99)} late at p99 (${n})`
      : `turns sent up to ${formatMs(lateness.max ?? 0)} late (${n})`;
  const what = clients.length > 1 ? `The worst of ${plural(clients.length, 'thread')}` : 'One thread';
  const parts = [
    ...(lateness.n === 0 ? [] : [late]),
    `event loop ${formatMs(loopDelayP99Ms)} late at p99`,
    `busy for ${formatShare(busy)} of the time`,
  ];
  return [
    `${what}: ${parts.join(', ')}. A run is invalid when either lateness exceeds ${formatSpan(run.maxLagMs)}.`,
    noiseWords(run.noiseFloor),
  ];
}

function noiseWords(noise: BenchReport['run']['noiseFloor']): string {
  if (noise === undefined) return 'Its noise floor was not measured.';
  const { stampErrorP50Ms, stampErrorP99Ms, events, ttfbP50Ms } = noise;
  const stamps = `${formatMs(stampErrorP50Ms)} late, at p99 ${formatMs(stampErrorP99Ms)} (n ${events.toLocaleString('en-US')})`;
  return `Noise floor: it stamps the events of a server on this machine ${stamps}, and sees a first byte after ${formatMs(ttfbP50Ms)}. Smaller differences mean nothing.`;
}

/** First sentence of an invalid run, before its reasons. */
export const INVALID_WORDS = 'INVALID: the client cannot be trusted in this run, so no figure of it is shown.';

/** The result of a run in a sentence or two. */
export type BenchResult =
  | {
      readonly type: 'valid';
      /** `200 turns sent in 30.1 s, 199 ok (99.5 %).` */
      readonly counts: string;
      /** `First byte within 812 ms for 95 of 100 warm turns (n 180).`; empty without a good turn. */
      readonly speed: string;
    }
  | { readonly type: 'invalid'; readonly counts: string; readonly reasons: readonly string[] };

/** The result in plain words. A run that is not valid has no figure of speed at all. */
export function describeResult({ run, summary }: BenchReport): BenchResult {
  const counts = `${plural(summary.counts.sent, 'turn')} sent in ${formatMs(run.sendingMs)}, ${okWords(summary)}.`;
  return summary.validity.valid
    ? { type: 'valid', counts, speed: speedWords(summary) }
    : { type: 'invalid', counts, reasons: summary.validity.reasons };
}

/** The group that stands for the run: warm turns of the first hop, or else what that hop has most of. */
export function headlineGroup({ groups }: Summary): GroupSummary | undefined {
  const good = groups.filter(({ ok }) => ok > 0);
  const ofHop = good.filter(({ hop }) => hop === good[0]?.hop);
  return ofHop.find((group) => group.class === 'warm') ?? ofHop.toSorted((a, b) => b.ok - a.ok)[0];
}

function okWords({ counts: { sent, ok } }: Summary): string {
  if (sent === 0) return 'so there is nothing to report';
  if (ok === 0) return 'none ok';
  return ok === sent ? 'all ok' : `${ok.toLocaleString('en-US')} ok (${formatShare(ok / sent)})`;
}

function speedWords(summary: Summary): string {
  const group = headlineGroup(summary);
  if (!group) return '';
  const { p50, p95, n } = group.ttfb;
  const turns = `${TURNS_OF_CLASS[group.class]} (n ${n.toLocaleString('en-US')})`;
  const severalHops = summary.groups.some(({ hop }) => hop !== group.hop);
  const through = severalHops ? ` through ${HOP_NAMES[group.hop]}` : '';
  if (p95 !== undefined) {
    return `First byte${through} within ${formatMs(p95)} for 95 of 100 ${turns}.`;
  }
  return p50 === undefined ? '' : `First byte${through} within ${formatMs(p50)} for half of the ${turns}.`;
}
