import type { RunFacts } from './report-schema.ts';
import { type BenchReport, REPORT_SCHEMA } from './report.ts';
import { summarize } from './summarize.ts';
import { planSchema } from '../run/plan.ts';
import { addSessions } from '../run/sessions.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { hint, UsageError } from '../../cli/errors.ts';
import { sumOf } from '../../stream/distribution.ts';

/**
 * Merges reports of several machines or runs: their turns and clients are pooled and summed up anew. Facts that only one report can
 * give come from the earliest.
 * @param reports at least one, in any order
 * @returns also how the plans differ, in sentences
 * @throws {UsageError} CANNOT_MERGE when they are not of the same kind or not over the same hops, or when one is there twice
 */
export function mergeReports(reports: readonly BenchReport[]): { report: BenchReport; notes: string[] } {
  const inOrder = reports.toSorted((a, b) => Date.parse(a.run.startedAt) - Date.parse(b.run.startedAt));
  const [first, ...others] = inOrder;
  if (!first) throw new UsageError('CANNOT_MERGE', 'there is no report to merge');
  for (const other of others) checkAlike(first, other);
  checkDistinct(inOrder);
  const run = mergeRuns(
    inOrder.map((report) => report.run),
    first.run,
  );
  const clients = inOrder.flatMap((report) => report.clients);
  const turns = mergeTurns(inOrder.map((report) => report.turns));
  const notes = others.flatMap((other) => planDifferences(first.run, other.run));
  const summary = summarize({ run, clients, turns });
  return { report: { schema: REPORT_SCHEMA, run, clients, turns, summary }, notes: [...new Set(notes)] };
}

function checkAlike(first: BenchReport, other: BenchReport): void {
  const hopsOf = ({ run }: BenchReport): string => run.plan.hops.toSorted().join(', ');
  const differs = (what: string, a: string, b: string): UsageError =>
    new UsageError('CANNOT_MERGE', `reports differ in their ${what}: ${a} and ${b}`, {
      hint: hint`${['agentstream', 'bench', 'compare']} shows two runs beside each other`,
    });
  if (first.schema !== other.schema) throw differs('schema', first.schema, other.schema);
  if (hopsOf(first) !== hopsOf(other)) throw differs('hops', hopsOf(first), hopsOf(other));
  const isProbe = ({ run }: BenchReport): string => (run.plan.probe ? 'the probe' : 'an agent');
  if (isProbe(first) !== isProbe(other)) throw differs('streams', isProbe(first), isProbe(other));
}

/** Turns are recognised by when they were sent and how long they took: a document and its NDJSON differ in order and traces. */
function checkDistinct(reports: readonly BenchReport[]): void {
  const seen = new Set<string>();
  for (const { run, turns } of reports) {
    const own = turns.map(({ index, sentMs, metrics }) =>
      [run.startedAt, run.plan.seed, index, sentMs, metrics.durationMs].join(' '),
    );
    if (own.some((turn) => seen.has(turn))) {
      throw new UsageError('CANNOT_MERGE', `the run of ${run.startedAt} is there twice`, {
        hint: 'give each run once, as its document or as its NDJSON',
      });
    }
    for (const turn of own) seen.add(turn);
  }
}

function mergeRuns(runs: readonly RunFacts[], first: RunFacts): RunFacts {
  const stoppedBy = runs.find((run) => run.stoppedBy !== undefined)?.stoppedBy;
  const floors = runs.flatMap((run) => run.noiseFloor ?? []);
  const unsent = sumOf(runs, (run) => run.unsent ?? 0);
  const [worstFloor] = floors.sort((a, b) => b.stampErrorP99Ms - a.stampErrorP99Ms);
  return {
    ...first,
    durationMs: coveredMs(runs, 'durationMs'),
    sendingMs: coveredMs(runs, 'sendingMs'),
    ...(unsent > 0 && { unsent }),
    ...(stoppedBy && { stoppedBy }),
    ...(worstFloor && { noiseFloor: worstFloor }),
    sessions: addSessions(runs.map(({ sessions }) => sessions)),
    thresholds: [...new Set(runs.flatMap(({ thresholds }) => thresholds))],
    maxLagMs: Math.min(...runs.map(({ maxLagMs }) => maxLagMs)),
  };
}

/** How long at least one run was going on: simultaneous runs count once, pauses between runs not at all. */
function coveredMs(runs: readonly RunFacts[], length: 'durationMs' | 'sendingMs'): number {
  const zero = Date.parse(runs[0]?.startedAt ?? '');
  let sum = 0;
  let coveredTo = 0;
  for (const run of runs) {
    const start = Date.parse(run.startedAt) - zero;
    const end = start + run[length];
    sum += Math.max(0, end - Math.max(start, coveredTo));
    coveredTo = Math.max(coveredTo, end);
  }
  return sum;
}

/** Numbers turns, rounds and sessions anew, so that those of two machines stay distinct. */
function mergeTurns(lists: readonly (readonly TurnRecord[])[]): TurnRecord[] {
  const merged: TurnRecord[] = [];
  let [pairs, sessions] = [0, 0];
  for (const turns of lists) {
    const [firstPair, firstSession] = [pairs, sessions];
    const lowest = turns.reduce((least, { pair }) => Math.min(least, pair), 0);
    for (const turn of turns.toSorted((a, b) => a.index - b.index)) {
      const pair = firstPair - lowest + turn.pair;
      const session = turn.session === undefined ? undefined : firstSession + turn.session;
      pairs = Math.max(pairs, pair + 1);
      if (session !== undefined) sessions = Math.max(sessions, session + 1);
      merged.push({ ...turn, index: merged.length, pair, ...(session !== undefined && { session }) });
    }
  }
  return merged;
}

/** The load of a run, as far as times depend on it: how long a level lasted, or how many turns it took, does not matter. */
export function loadOf({ plan: { load, probe, conversations } }: RunFacts): string {
  const { model, arrival, startLevel, stages } = load;
  const isConstant = stages.every(({ level }) => level === startLevel);
  return JSON.stringify({ model, arrival, startLevel, stages: isConstant ? [] : stages, probe, conversations });
}

/** How the setup of two runs differs, which may explain different figures; the seed aside. @returns a sentence for each */
export function planDifferences(first: RunFacts, second: RunFacts): string[] {
  const { seed: _seed, keepsSessions: _kept, ...compared } = planSchema.entries;
  const setups = [first, second].map(({ plan, hops, versions }): Readonly<Record<string, unknown>> => ({
    ...plan,
    [HOPS]: hops,
    versions,
  }));
  return [...Object.keys(compared), HOPS, 'versions']
    .map((name) => [name, ...setups.map((setup) => JSON.stringify(setup[name]) ?? 'none')])
    .filter(([, a, b]) => a !== b)
    .map(([name, a, b]) => `the runs differ in ${name}: ${a} and ${b}`);
}

const HOPS = 'limits and memory of the hops';
