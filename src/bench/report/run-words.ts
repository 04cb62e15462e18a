import type { RunFacts } from '../figures/report-schema.ts';
import type { BenchReport } from '../figures/report.ts';
import type { Sentence, Table } from './document.ts';
import { HOP_NAMES } from './names.ts';
import type { SessionPolicy } from '../run/plan.ts';
import { formatMs, formatShare, formatSpan, plural } from '../../ui/format.ts';
import { printable } from '../../ui/sanitize.ts';

/** Setup of the run: what was sent, how, and against what. */
export function runTable({ plan, startedAt, versions, target }: RunFacts): Table {
  const hops = plan.hops.map((hop) => `${hop} (${HOP_NAMES[hop]})`).join(', ');
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['target', target && targetWords(target)],
    ['agent', target?.agent && printable(target.agent)],
    ['load', loadWords(plan)],
    ['hops', plan.hops.length > 1 ? `${hops}; interleaved in random order` : hops],
    ['sent', contentWords(plan)],
    ['sessions', plan.probe ? undefined : sessionWords(plan.session)],
    ['warm-up', plan.warmupMs === 0 ? undefined : formatSpan(plan.warmupMs)],
    ['started', startedAt],
    ['with', `agentstream ${versions.agentstream}, Node.js ${versions.node}, seed ${plan.seed}`],
  ];
  return {
    type: 'table',
    label: 'The run',
    columns: [{ name: '' }, { name: '', kind: 'rest' }],
    rows: pairs.flatMap(([name, value]) => (value === undefined ? [] : [{ cells: [name, value] }])),
  };
}

/** The target: `agentstream in eu-west-1, abc123.execute-api.eu-west-1.amazonaws.com`. */
export function targetWords({ stack, region, host }: NonNullable<RunFacts['target']>): string {
  const place = [stack, region].filter((part) => part !== undefined).join(' in ');
  return [place, host].flatMap((part) => (part === '' ? [] : printable(part))).join(', ');
}

/** Remarks beside the figures: turns that they leave out, answers without text. `warn`: worth a look. */
export function leftOutSentences({ run, summary: { counts }, turns }: BenchReport): Sentence[] {
  const pilots = turns.filter(({ phase }) => phase === 'pilot').length;
  const { opened, stopped, left } = run.sessions;
  const apart = [
    ...(pilots > 0 ? [plural(pilots, 'pilot turn')] : []),
    ...(counts.warmup > 0 ? [plural(counts.warmup, 'warm-up turn')] : []),
  ];
  const why = run.stoppedBy === 'interrupt' ? 'interrupted' : 'stopped by its budget';
  const grace = formatSpan(run.plan.graceMs);
  const kept = left === 0 ? '' : `, ${left.toLocaleString('en-US')} left open until they time out`;
  const isLost = left > 0 && !run.plan.keepsSessions;
  const warnings: readonly (string | false)[] = [
    run.stoppedBy !== undefined && `The run was ${why} before its plan was done: the report covers the turns until then.`,
    counts.unfinished > 0 &&
      `${plural(counts.unfinished, 'turn')} unfinished: still streaming after the grace period of ${grace}.`,
    counts.cancelled > 0 && `${plural(counts.cancelled, 'turn')} cancelled by the end of the run.`,
    run.unsent !== undefined &&
      `${plural(run.unsent, 'turn')} never sent: this client's rate limits held them back until the end.`,
    counts.withoutText > 0 &&
      `${plural(counts.withoutText, 'ok turn')} without text that is known: see what the agent sends with invoke --raw.`,
  ];
  const sessions = `${plural(opened, 'session')} opened, ${stopped.toLocaleString('en-US')} stopped${kept}.`;
  return [
    ...warnings.filter((text) => text !== false).map((text): Sentence => ({ text, tone: 'warn' })),
    ...(apart.length > 0 ? [{ text: `Not in the figures: ${apart.join(' and ')}.`, tone: 'note' as const }] : []),
    ...(opened > 0 ? [{ text: sessions, tone: isLost ? ('warn' as const) : ('note' as const) }] : []),
  ];
}

/** `2 virtual users for 30 s`. */
export function loadWords({ load, hops }: RunFacts['plan']): string {
  const { model, arrival, startLevel, stages, turns } = load;
  const name = (level: number): string =>
    model === 'closed'
      ? plural(level, 'virtual user')
      : `${level.toLocaleString('en-US')} turns/s${arrival === 'poisson' ? ' (Poisson)' : ''}`;
  let level = startLevel;
  const parts = stages.map((stage) => {
    const isFlat = stage.level === level;
    level = stage.level;
    return isFlat ? `${name(level)} for ${formatSpan(stage.durationMs)}` : `to ${name(level)} in ${formatSpan(stage.durationMs)}`;
  });
  if (stages[0] && stages[0].level !== startLevel) parts.unshift(`from ${name(startLevel)}`);
  const path = parts.length === 0 ? name(startLevel) : parts.join(', ');
  return turns === undefined ? path : `${path}, until ${plural(turns, 'turn')}${hops.length > 1 ? ' to each hop' : ''}`;
}

export function contentWords({ probe, conversations }: RunFacts['plan']): string {
  if (!probe) return `${plural(conversations, 'conversation')}, taken in turn`;
  const size = probe.size_bytes === 0 ? '' : `, ${probe.size_bytes} bytes each`;
  const delay = probe.first_delay_ms === 0 ? '' : `, after ${formatSpan(probe.first_delay_ms)}`;
  return `the function's own probe: ${plural(probe.count, 'event')}, ${formatSpan(probe.interval_ms)} apart${size}${delay}`;
}

function sessionWords(session: SessionPolicy): string {
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

/** How late the client was, in a line: `client kept up (bound 50 ms): turns 0.7 ms late, event loop 1.4 ms, busy 17 %`. */
export function clientLine({ run, summary }: BenchReport): string {
  const { lateness, loopDelayP99Ms, busy } = summary.validity.lag;
  const late = formatMs(lateness.p99 ?? lateness.max ?? 0);
  const bound = formatSpan(run.maxLagMs);
  return `client kept up (bound ${bound}): turns ${late} late, event loop ${formatMs(loopDelayP99Ms)}, busy ${formatShare(busy)}`;
}

/** The client's own lateness against its bound, and its noise on loopback. */
export function clientSentences({ run, clients, summary }: BenchReport): Sentence[] {
  const { lateness, loopDelayP99Ms, busy } = summary.validity.lag;
  const n = `n ${lateness.n.toLocaleString('en-US')}`;
  const late =
    lateness.p99 === undefined
      ? `turns sent up to ${formatMs(lateness.max ?? 0)} late (${n})`
      : `turns sent ${formatMs(lateness.p99)} late at p99 (${n})`;
  const parts = [
    ...(lateness.n === 0 ? [] : [late]),
    `event loop ${formatMs(loopDelayP99Ms)} late at p99`,
    `busy for ${formatShare(busy)} of the time`,
  ];
  const what = clients.length > 1 ? `The worst of ${plural(clients.length, 'thread')}` : 'One thread';
  const rule = `A run is invalid when either lateness exceeds ${formatSpan(run.maxLagMs)}.`;
  return [{ text: `${what}: ${parts.join(', ')}. ${rule}` }, { text: noiseWords(run.noiseFloor) }];
}

function noiseWords(noise: BenchReport['run']['noiseFloor']): string {
  if (noise === undefined) return 'Its noise floor was not measured.';
  const { stampErrorP50Ms, stampErrorP99Ms, events, ttfbP50Ms } = noise;
  const stamps = `${formatMs(stampErrorP50Ms)} late, at p99 ${formatMs(stampErrorP99Ms)} (n ${events.toLocaleString('en-US')})`;
  return `Noise floor: it stamps the events of a server on this machine ${stamps}, and sees a first byte after ${formatMs(ttfbP50Ms)}. Smaller differences mean nothing.`;
}
