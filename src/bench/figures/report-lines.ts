import type { ClientFacts } from '../run/loop-watch.ts';
import { type BenchReport, REPORT_SCHEMA, type RunFacts } from './report.ts';
import type { TurnRecord } from '../run/turn-record.ts';

/** Facts of a run while it goes on: what is known at its end only may be absent. */
export type RunFactsSoFar = Omit<RunFacts, 'durationMs' | 'sendingMs' | 'sessions'> &
  Partial<RunFacts>;

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

/** A whole report as NDJSON, line by line: facts, turns, clients. `parseReport` reads it. */
export function* reportLines({ run, turns, clients }: BenchReport): Generator<string, undefined> {
  yield formatReportLine({ type: 'run', run });
  for (const turn of turns) yield formatReportLine({ type: 'turn', turn });
  for (const client of clients) yield formatReportLine({ type: 'client', client });
}

function print(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
