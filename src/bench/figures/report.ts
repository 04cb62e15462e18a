import type { ClientFacts, TurnRecord } from '../run/turn-record.ts';
import type { RunFacts, RunFactsSoFar } from './report-schema.ts';
import type { Summary } from './summary.ts';

/** It changes when a member changes its meaning or goes. */
export const REPORT_SCHEMA = 'agentstream-bench/2';

/**
 * All of a run. `summary` is computed from the rest (`summarize`), so that reports of several machines merge exactly: their turns
 * and clients are put together and summed up anew.
 */
export interface BenchReport {
  readonly schema: typeof REPORT_SCHEMA;
  readonly run: RunFacts;
  /** One for each worker thread of each machine. */
  readonly clients: readonly ClientFacts[];
  readonly turns: readonly TurnRecord[];
  readonly summary: Summary;
}

/** A line of the NDJSON of one run, with its line feed. A run that breaks off is there up to its last turn. */
export type ReportLine =
  | { readonly type: 'run'; readonly run: RunFactsSoFar }
  | { readonly type: 'turn'; readonly turn: TurnRecord }
  | { readonly type: 'client'; readonly client: ClientFacts };

/** Facts first. They may be written again at the end: the last ones count. */
export function formatReportLine(line: ReportLine): string {
  switch (line.type) {
    case 'run':
      return print({ type: 'run', schema: REPORT_SCHEMA, ...line.run });
    case 'turn':
      return print({ type: 'turn', ...line.turn });
    case 'client':
      return print({ type: 'client', ...line.client });
  }
}

function print(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
