import { readVersion } from '../../cli/version.ts';
import type { Immutable } from '../../stream/metrics-schema.ts';
import type { BenchPlan } from '../run/plan.ts';
import type { ClientFacts, TurnRecord } from '../run/turn-record.ts';
import type { RunFactsSoFar, RunRecord } from './report-schema.ts';
import type { summarize } from './summarize.ts';

/** It changes when a member changes its meaning or goes. */
export const REPORT_SCHEMA = 'agentstream-bench/2';

export interface BenchReport extends RunRecord {
  readonly schema: typeof REPORT_SCHEMA;
  readonly summary: Summary;
}

/** The content of a line. */
export type ReportLine =
  | readonly [type: 'run', facts: RunFactsSoFar]
  | readonly [type: 'turn', turn: TurnRecord]
  | readonly [type: 'client', facts: ClientFacts];

/**
 * A line of the NDJSON of one run, with its line feed. Facts come first, and may be written again at the end: the last ones count. A run
 * that breaks off is there up to its last turn.
 */
export function formatReportLine(...[type, members]: ReportLine): string {
  return `${JSON.stringify({ type, ...(type === 'run' && { schema: REPORT_SCHEMA }), ...members })}\n`;
}

/** The setup of a run, as far as the plan and this process know it: the plan without its prompts, and versions. */
export function setupOf({ conversations, ...rest }: BenchPlan) {
  const versions = { agentstream: readVersion(), node: process.versions.node };
  return { plan: { ...rest, conversations: conversations.length }, versions };
}

/** Summary of a run. Its members are described where they are computed. */
export type Summary = Immutable<ReturnType<typeof summarize>>;
export type GroupSummary = Summary['groups'][number];
export type OutcomeCount = Summary['outcomes'][number];
export type Silence = Summary['silences'][number];
export type Headroom = Summary['headroom'][number];
export type LimitLevel = Headroom['idleLevel'];
export type HopDifference = Summary['differences'][number];
export type VerdictCount = Summary['verdicts'][number];
export type Cost = Summary['cost'];
export type ThresholdResult = Summary['thresholds'][number];
