import { availableParallelism } from 'node:os';
import { resolveAwsAccess } from '../aws/aws-access.ts';
import { LIST_PRICES, overridePrices } from './figures/cost.ts';
import type { RunFacts } from './figures/report-schema.ts';
import type { BenchFlags } from './flags.ts';
import { paceToStack, readPlan, toHopFacts, toTargetFacts } from './read-plan.ts';
import { createSpending, estimateCost } from './spending.ts';
import { type BenchReport, formatReportLine, REPORT_SCHEMA, type ReportLine } from './figures/report.ts';
import { summarize } from './figures/summarize.ts';
import { type Pilot, runPilot } from './pilot.ts';
import { createBenchLive } from './report/live.ts';
import { chooseWorkers } from './run/worker-share.ts';
import type { BenchPlan } from './run/plan.ts';
import { type BenchRun, runBench } from './run/run-bench.ts';
import { addSessions } from './run/sessions.ts';
import { runSelfTest } from './self-test.ts';
import { confirm } from '../cli/confirm.ts';
import { AbortError, OperationError } from '../cli/errors.ts';
import { type CommandContext, readEndpointQuery } from '../cli/options.ts';
import { checkOutputFile, openLineFile } from '../cli/files.ts';
import { readVersion } from '../cli/version.ts';
import { type ConnectionTarget, resolveTarget } from '../endpoint/connection.ts';
import { formatUsd, plural } from '../ui/format.ts';
import { createStyle } from '../ui/terminal.ts';
import { mostOf } from '../stream/distribution.ts';

/** The pilot of a run without one. */
export const NO_PILOT: Pilot = { turns: [], sessions: addSessions([]) };

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
  const pilot = flags.pilot ? await sendPilot(plan, target, signal) : NO_PILOT;
  if (signal.aborted) throw new AbortError('interrupted before the load began');
  const estimate = estimateCost(plan, pilot.turns, hops, prices);
  if (estimate) stderr.write(`${sayEstimate(estimate, plan)}\n`);
  if (flags.budget !== undefined && !flags.yes && (estimate?.cost.total ?? 0) > flags.budget) {
    await confirm(terminal, `That is above the budget of ${flags.budget} USD. Go on?`, signal);
  }

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
  };
  const lines = flags.ndjson === undefined ? undefined : openLineFile(flags.ndjson, context);
  const write = (line: ReportLine): void => lines?.write(formatReportLine(line));
  try {
    write({ type: 'run', run: { ...facts, plan: planFacts(plan), versions: versions() } });
    for (const turn of pilot.turns) write({ type: 'turn', turn });
    const run = await runBench(plan, {
      ...target,
      workers: flags.workers ?? chooseWorkers(plan, availableParallelism(), turnMs),
      signal: AbortSignal.any([signal, spending.signal]),
      firstIndex: pilot.turns.length,
      onTurn(record) {
        live.turn(record);
        spending.add(record);
        write({ type: 'turn', turn: record });
      },
      onProgress: (progress) => live.progress(progress),
    });
    live.stop();
    if (run.failure) stderr.write(`${run.failure.message}\n`);
    const stoppedBy = endOf(signal, spending.signal);
    const report = toReport(plan, pilot, run, { ...facts, ...(stoppedBy && { stoppedBy }) });
    for (const client of report.clients) write({ type: 'client', client });
    write({ type: 'run', run: report.run });
    return report;
  } finally {
    live.stop();
    lines?.close();
  }
}

function endOf(interrupt: AbortSignal, budget: AbortSignal): RunFacts['stoppedBy'] {
  if (interrupt.aborted) return 'interrupt';
  return budget.aborted ? 'budget' : undefined;
}

/** Builds the report of a run from its parts and their summary. */
export function toReport(
  plan: BenchPlan,
  pilot: Pilot,
  run: BenchRun,
  facts: Omit<RunFacts, 'plan' | 'durationMs' | 'sendingMs' | 'sessions' | 'versions'>,
): BenchReport {
  const parts = {
    run: {
      ...facts,
      durationMs: run.durationMs,
      sendingMs: run.sendingMs,
      ...(run.unsent > 0 && { unsent: run.unsent }),
      plan: planFacts(plan),
      versions: versions(),
      sessions: addSessions([pilot.sessions, run.sessions]),
    },
    clients: run.clients,
    turns: [...pilot.turns, ...run.turns],
  };
  return { schema: REPORT_SCHEMA, ...parts, summary: summarize(parts) };
}

/** The plan without its prompts. */
function planFacts({ conversations, ...rest }: BenchPlan): RunFacts['plan'] {
  return { ...rest, conversations: conversations.length };
}

function versions(): RunFacts['versions'] {
  return { agentstream: readVersion(), node: process.versions.node };
}

/** A fault that would fail every turn shows in one turn per hop, before the load costs anything. */
async function sendPilot(plan: BenchPlan, target: ConnectionTarget, signal: AbortSignal): Promise<Pilot> {
  try {
    return await runPilot(plan, target, signal);
  } catch (error) {
    // A stream that broke off counts as well: the target of a bench has failed.
    if (!(error instanceof OperationError)) throw error;
    throw new OperationError(error.code, `the first turn, which --no-pilot skips, failed: ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}

function sayEstimate({ turns, cost }: NonNullable<ReturnType<typeof estimateCost>>, { hops }: BenchPlan): string {
  return `about ${plural(turns, 'turn')} to ${hops.join(', ')}, about ${formatUsd(cost.total)} at list prices`;
}
