import type { RunFacts } from '../figures/report-schema.ts';
import type { BenchReport } from '../figures/report.ts';
import { HOP_NAMES } from './bench-names.ts';
import type { Load, SessionPolicy } from '../run/plan.ts';
import { formatSpan, plural } from '../../ui/format.ts';

/** What was run, as pairs of a name and what it was. */
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

/** Turns that are in no figure, and why; sentences. `isTrouble`: somebody should look at it. */
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
    say(`The run was ${why} before its plan was done: this is what it had by then.`, true);
  }
  if (counts.unfinished > 0) {
    const grace = formatSpan(run.plan.graceMs);
    say(
      `${plural(counts.unfinished, 'turn')} unfinished: still streaming when the grace of ${grace} was over.`,
      true,
    );
  }
  if (counts.cancelled > 0) {
    say(`${plural(counts.cancelled, 'turn')} cancelled by the end of the run.`, true);
  }
  const apart = [
    ...(pilots > 0 ? [plural(pilots, 'pilot turn')] : []),
    ...(counts.warmup > 0 ? [plural(counts.warmup, 'warm-up turn')] : []),
  ];
  if (apart.length > 0) say(`In no figure: ${apart.join(' and ')}.`, false);
  if (opened > 0) {
    const kept = left === 0 ? '' : `, ${left.toLocaleString('en-US')} left to end by themselves`;
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
