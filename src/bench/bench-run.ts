import { availableParallelism } from 'node:os';
import { resolveAwsAccess } from '../aws/aws-access.ts';
import { LIST_PRICES, overridePrices } from './figures/cost.ts';
import type { RunFactsSoFar } from './figures/report-schema.ts';
import type { BenchFlags } from './flags.ts';
import { paceToStack, readPlan, toHopFacts, toTargetFacts } from './read-plan.ts';
import { createSpending, estimateCost } from './spending.ts';
import { type BenchReport, formatReportLine, REPORT_SCHEMA, type ReportLine, setupOf } from './figures/report.ts';
import { summarize } from './figures/summarize.ts';
import { createBenchLive } from './report/live.ts';
import { chooseWorkers } from './run/worker-share.ts';
import type { BenchPlan } from './run/plan.ts';
import { type BenchRun, runBench } from './run/run-bench.ts';
import { openShare } from './run/client-driver.ts';
import { monotonicNow } from './run/run-clock.ts';
import { addSessions } from './run/sessions.ts';
import type { SessionCounts, TurnRecord } from './run/turn-record.ts';
import { runSelfTest } from './self-test.ts';
import { confirm } from '../cli/confirm.ts';
import { AbortError, type AgentstreamError, OperationError } from '../cli/errors.ts';
import { type CommandContext, readEndpointQuery } from '../cli/options.ts';
import { checkOutputFile, openLineFile } from '../cli/files.ts';
import { type ConnectionTarget, resolveTarget } from '../endpoint/connection.ts';
import { formatUsd, plural } from '../ui/format.ts';
import { createStyle } from '../ui/terminal.ts';
import { mostOf } from '../stream/distribution.ts';

/** The pilot of a run without one. */
const NO_PILOT = { turns: [], sessions: addSessions([]) };

/**
 * All of a run: plan, self-test, pilot, estimate, load, summary. Everything that can be wrong with the flags is found before
 * anything is sent.
 * @returns the report of a whole run, or of a part of one when it was interrupted or its budget was used up
 * @throws {UsageError} for the flags; {OperationError} when the endpoint is not there, or PILOT_FAILED; {AbortError} when stopped before
 *   the load
 */
export async function measureRun(flags: BenchFlags, context: CommandContext): Promise<BenchReport> {
  const { terminal, signal } = context;
  const { stderr, env } = terminal;
  const thresholds = flags.threshold ?? [];
  const prices = overridePrices(LIST_PRICES, flags.price ?? []);
  for (const path of [flags.html, flags.markdown, flags.ndjson]) if (path) checkOutputFile(path);
  const unpaced = readPlan(flags);
  const query = readEndpointQuery(flags, env);
  const target = await resolveTarget(query, resolveAwsAccess(flags, env), flags.hop);
  const plan = paceToStack(unpaced, flags.ignoreLimits ? undefined : target.endpoint.stack?.turnsPerSecond);
  const hops = plan.hops.map((hop) => toHopFacts(hop, target.endpoint));

  const noiseFloor = flags.selfTest ? await runSelfTest(signal) : undefined;
  const pilot = flags.pilot ? await runPilot(plan, target, signal) : NO_PILOT;
  if (signal.aborted) throw new AbortError('interrupted before the load began');
  const estimate = estimateCost(plan, pilot.turns, hops, prices);
  if (estimate) {
    const price = `about ${formatUsd(estimate.cost.total)} at list prices`;
    stderr.write(`about ${plural(estimate.turns, 'turn')} to ${plan.hops.join(', ')}, ${price}\n`);
  }
  if (flags.budget !== undefined && !flags.yes && (estimate?.cost.total ?? 0) > flags.budget)
    await confirm(terminal, `That is above the budget of ${flags.budget} USD. Go on?`, signal);

  const spending = createSpending(flags.budget, pilot.turns, { hops, prices, isProbe: plan.probe !== undefined });
  const live = createBenchLive(stderr, createStyle(stderr, env), { graceMs: plan.graceMs, hops });
  const turnMs = mostOf(pilot.turns, ({ metrics }) => metrics.durationMs);
  const facts = {
    startedAt: new Date().toISOString(),
    target: toTargetFacts(target.endpoint),
    hops,
    ...(noiseFloor && { noiseFloor }),
    prices,
    thresholds,
    maxLagMs: flags.maxLag,
    ...setupOf(plan),
  };
  const lines = flags.ndjson === undefined ? undefined : openLineFile(flags.ndjson, context);
  const write = (...line: ReportLine): void => lines?.write(formatReportLine(...line));
  try {
    write('run', facts);
    for (const turn of pilot.turns) write('turn', turn);
    const run = await runBench(plan, {
      ...target,
      workers: flags.workers ?? chooseWorkers(plan, availableParallelism(), turnMs),
      signal: AbortSignal.any([signal, spending.signal]),
      firstIndex: pilot.turns.length,
      onTurn(record) {
        live.turn(record);
        spending.add(record);
        write('turn', record);
      },
      onProgress: (progress) => live.progress(progress),
    });
    live.stop();
    if (run.failure) stderr.write(`${run.failure.message}\n`);
    const stoppedBy = signal.aborted ? 'interrupt' : spending.signal.aborted ? 'budget' : undefined;
    const report = toReport(run, { ...facts, ...(stoppedBy && { stoppedBy }) }, pilot);
    for (const client of report.clients) write('client', client);
    write('run', report.run);
    return report;
  } finally {
    live.stop();
    lines?.close();
  }
}

/** Builds the report of a run from its parts and their summary. */
export function toReport(
  run: BenchRun,
  facts: RunFactsSoFar,
  pilot: { readonly turns: readonly TurnRecord[]; readonly sessions: SessionCounts } = NO_PILOT,
): BenchReport {
  const parts = {
    run: {
      ...facts,
      durationMs: run.durationMs,
      sendingMs: run.sendingMs,
      ...(run.unsent > 0 && { unsent: run.unsent }),
      sessions: addSessions([pilot.sessions, run.sessions]),
    },
    clients: run.clients,
    turns: [...pilot.turns, ...run.turns],
  };
  return { schema: REPORT_SCHEMA, ...parts, summary: summarize(parts) };
}

/**
 * Sends the plan's first prompt, or one probe, to each hop, one after another: what would fail a thousand times fails once.
 * @throws as `openConnection` does; what the first turn that was not `ok` failed of
 */
export async function runPilot(plan: BenchPlan, target: ConnectionTarget, signal: AbortSignal) {
  const failed = new AbortController();
  let failure: AgentstreamError | undefined;
  /** One to each hop, `phase` pilot, `index` from 0. */
  const turns: TurnRecord[] = [];
  const start = await openShare(pilotPlan(plan), target);
  const { sessions } = await start({
    worker: { index: 0, count: 1, firstIndex: 0 },
    startAt: monotonicNow(),
    signal: AbortSignal.any([signal, failed.signal]),
    onTurn(record, reason) {
      turns.push({ ...record, phase: 'pilot' });
      failure ??= reason;
      if (failure) failed.abort();
    },
  }).result;
  // A fault that would fail every turn shows here, before the load costs anything. A stream that broke off counts as well.
  if (failure instanceof OperationError) {
    throw new OperationError(failure.code, `the first turn, which --no-pilot skips, failed: ${failure.message}`, {
      hint: failure.hint,
      cause: failure,
    });
  }
  if (failure) throw failure;
  return { turns, sessions };
}

function pilotPlan(plan: BenchPlan): BenchPlan {
  return {
    ...plan,
    load: { model: 'closed', arrival: 'constant', startLevel: 1, stages: [], turns: 1 },
    warmupMs: 0,
    conversations: [plan.conversations[0]?.slice(0, 1) ?? []],
    session: { type: 'new' },
  };
}
