import { UsageError } from '../../cli/errors.ts';
import { isJsonObject, type JsonObject } from '../../agent-events/json-value.ts';
import type { ClientFacts } from '../run/loop-watch.ts';
import { type BenchReport, REPORT_SCHEMA, type RunFacts } from './report.ts';
import type { RunFactsSoFar } from './report-lines.ts';
import { clientRule, type Rule, runRule, turnRule } from './report-rules.ts';
import { summarize } from './summarize.ts';
import type { TurnRecord } from '../run/turn-record.ts';

/**
 * Reads a report: the document that `bench --json` prints, a report by itself, or the NDJSON of one run, which may have broken off. It
 * is summed up anew.
 * @param file its name, for messages
 * @throws {UsageError} INVALID_REPORT with what is wrong; INVALID_THRESHOLD
 */
export function parseReport(text: string, file: string): BenchReport {
  const invalid = (reason: string): UsageError =>
    new UsageError('INVALID_REPORT', `${file} is not a report: ${reason}`, {
      hint: 'agentstream bench --json prints one, and --ndjson FILE writes one',
    });
  const documents = readDocuments(text, invalid);
  const { run, turns, clients } = readWhole(documents) ?? readLines(documents, invalid);
  if (!run) throw invalid('it has no line of type run');
  if (run['schema'] !== REPORT_SCHEMA) {
    throw invalid(
      `its schema is ${JSON.stringify(run['schema'])}, this version reads ${REPORT_SCHEMA}`,
    );
  }
  const { schema: _schema, ...facts } = run;
  const check = (rule: Rule, value: unknown, path: string): void => {
    const fault = rule(value, path);
    if (fault !== undefined) throw invalid(fault);
  };
  check(runRule, facts, 'run');
  for (const [index, turn] of turns.entries()) check(turnRule, turn, `turns[${index}]`);
  for (const [index, client] of clients.entries()) check(clientRule, client, `clients[${index}]`);
  const parts = {
    clients: clients as readonly ClientFacts[],
    turns: turns as readonly TurnRecord[],
  };
  const whole = { ...parts, run: completeRun(facts as unknown as RunFactsSoFar, parts.turns) };
  return { schema: REPORT_SCHEMA, ...whole, summary: summarize(whole) };
}

type Invalid = (reason: string) => UsageError;

/** What was found; the facts of the run with the schema among them. */
interface Parts {
  readonly run: JsonObject | undefined;
  readonly turns: readonly unknown[];
  readonly clients: readonly unknown[];
}

/** One JSON text, or one a line. A last line without its end was being written when the run broke off. */
function readDocuments(text: string, invalid: Invalid): JsonObject[] {
  const whole = parseJson(text);
  if (isJsonObject(whole)) return [whole];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const value = parseJson(line);
    if (isJsonObject(value)) return [value];
    if (index > 0 && index === lines.length - 1) return [];
    throw invalid(`line ${index + 1} is not a JSON object`);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readWhole(documents: readonly JsonObject[]): Parts | undefined {
  const result = documents.findLast(({ type }) => type === 'result');
  const [first] = documents;
  const report = result ? result['report'] : first?.['type'] === undefined ? first : undefined;
  if (!isJsonObject(report)) return undefined;
  const { schema, run, turns, clients } = report;
  return {
    run: { ...(isJsonObject(run) && run), schema },
    turns: Array.isArray(turns) ? turns : [undefined],
    clients: Array.isArray(clients) ? clients : [undefined],
  };
}

function readLines(documents: readonly JsonObject[], invalid: Invalid): Parts {
  const ofType = (wanted: string): JsonObject[] =>
    documents.filter(({ type }) => type === wanted).map(({ type: _type, ...line }) => line);
  const runs = ofType('run');
  const stranger = documents.find(({ type }) => !LINE_TYPES.has(type));
  if (stranger) throw invalid(`it has a line of type ${JSON.stringify(stranger['type'])}`);
  return {
    // Those written at the end know more.
    run: runs.length === 0 ? undefined : runs.reduce((known, more) => ({ ...known, ...more })),
    turns: ofType('turn'),
    clients: ofType('client'),
  };
}

const LINE_TYPES: ReadonlySet<unknown> = new Set(['run', 'turn', 'client']);

/** What a run that broke off could not say any more. */
function completeRun(run: RunFactsSoFar, turns: readonly TurnRecord[]): RunFacts {
  const { warmupMs } = run.plan;
  const lastSentMs = turns.reduce((most, { sentMs }) => Math.max(most, sentMs), warmupMs);
  const opened = new Set(turns.flatMap(({ session }) => session ?? [])).size;
  return {
    durationMs: turns.reduce(
      (most, { sentMs, metrics }) => Math.max(most, sentMs + metrics.durationMs),
      0,
    ),
    sendingMs: lastSentMs - warmupMs,
    sessions: { opened, stopped: 0, left: opened },
    ...run,
  };
}
