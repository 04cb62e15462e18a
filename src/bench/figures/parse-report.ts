import * as v from 'valibot';
import { hint, UsageError } from '../../cli/errors.ts';
import { isJsonObject, type JsonObject, jsonText, parseJson } from '../../agent-events/json-value.ts';
import { clientSchema, turnSchema, type TurnRecord } from '../run/turn-record.ts';
import { type BenchReport, REPORT_SCHEMA } from './report.ts';
import { type RunFacts, type RunFactsSoFar, runSoFarSchema } from './report-schema.ts';
import { summarize } from './summarize.ts';
import { mostOf } from '../../stream/distribution.ts';

/**
 * Reads a report: the document of `bench --json`, a bare report, or the NDJSON of one run, even one that broke off. The summary is
 * computed anew.
 * @param file its name, for messages
 * @throws {UsageError} INVALID_REPORT with the line and member that are wrong; INVALID_THRESHOLD
 */
export function parseReport(text: string, file: string): BenchReport {
  const invalid = (reason: string): UsageError =>
    new UsageError('INVALID_REPORT', `${file} is not a report: ${reason}`, {
      hint: hint`${['agentstream', 'bench', '--json']} prints one, and --ndjson FILE writes one`,
    });
  const documents = readDocuments(text, invalid);
  const { run, turns, clients } = readWhole(documents) ?? readLines(documents, invalid);
  if (!run) throw invalid('it has no line of type run');
  const { schema, ...facts } = run.value as JsonObject;
  if (schema !== REPORT_SCHEMA) {
    const reason = schema === 'agentstream-bench/1' ? '; its longest silences left out those at both ends of a stream' : '';
    throw invalid(`its schema is ${jsonText(schema)}, this version reads ${REPORT_SCHEMA}${reason}`);
  }
  const check = <S extends v.GenericSchema>(schema: S, { value, where }: Found): v.InferOutput<S> => {
    const result = v.safeParse(schema, value, { abortEarly: true });
    if (result.success) return result.output;
    throw invalid(describeIssue(result.issues[0], where));
  };
  const known = check(runSoFarSchema, { ...run, value: facts });
  const parts = {
    turns: turns.map((turn) => check(turnSchema, turn)),
    clients: clients.map((client) => check(clientSchema, client)),
  };
  const whole = { ...parts, run: completeRun(known, parts.turns) };
  return { schema: REPORT_SCHEMA, ...whole, summary: summarize(whole) };
}

type Invalid = (reason: string) => UsageError;

interface Found<T = unknown> {
  readonly value: T;
  /** Names it in a message: `turns[3]`, `line 5`. */
  readonly where: string;
}

/** One JSON text, or one on each line. A last line without its end was being written when the run broke off. */
function readDocuments(text: string, invalid: Invalid): Found<JsonObject>[] {
  const whole = parseJson(text);
  if (isJsonObject(whole)) return [{ value: whole, where: 'line 1' }];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `line ${index + 1}`;
    const value = parseJson(line);
    if (isJsonObject(value)) return [{ value, where }];
    if (index > 0 && index + 1 === lines.length) return [];
    throw invalid(`${where} is not a JSON object`);
  });
}

/** The parts of a report before they are checked; `run` includes the schema. */
function readWhole(documents: readonly Found<JsonObject>[]) {
  const result = documents.findLast(({ value }) => value['type'] === 'result')?.value;
  const first = documents[0]?.value;
  const report = result ? result['report'] : first?.['type'] === undefined ? first : undefined;
  if (!isJsonObject(report)) return undefined;
  const { schema, run, turns, clients } = report;
  const list = (name: string, values: unknown): Found[] =>
    (Array.isArray(values) ? values : [undefined]).map((value: unknown, index) => ({ value, where: `${name}[${index}]` }));
  return {
    run: { value: { ...(isJsonObject(run) && run), schema }, where: 'run' },
    turns: list('turns', turns),
    clients: list('clients', clients),
  };
}

function readLines(documents: readonly Found<JsonObject>[], invalid: Invalid) {
  const ofType = (wanted: string) =>
    documents
      .filter(({ value }) => value['type'] === wanted)
      .map(({ where, value: { type: _type, ...value } }) => ({ value, where }));
  const stranger = documents.find(({ value }) => !LINE_TYPES.has(value['type']));
  if (stranger) throw invalid(`${stranger.where} is a line of type ${jsonText(stranger.value['type'])}`);
  const runs = ofType('run');
  const last = runs.at(-1);
  return {
    // The facts are written again at the end, when more is known.
    run: last && { where: last.where, value: Object.fromEntries(runs.flatMap(({ value }) => Object.entries(value))) },
    turns: ofType('turn'),
    clients: ofType('client'),
  };
}

const LINE_TYPES: ReadonlySet<unknown> = new Set(['run', 'turn', 'client']);

/** `turns[3].class is "hot", expected one of cold, new-session, resumed, warm`. */
function describeIssue({ kind, type, path, input, expected, message }: v.BaseIssue<unknown>, where: string): string {
  const member = (path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const place = where.startsWith('line') && member !== '' ? `${where}: ${member.slice(1)}` : where + member;
  if (input === undefined) return `${place} is missing`;
  const value = jsonText(input);
  const found = value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}...` : value;
  if (kind === 'validation') return `${place} is ${found}, expected ${message}`;
  const words = type === 'picklist' || type === 'literal' || type === 'variant' ? oneOf(expected) : NAMES[expected ?? ''];
  return `${place} is ${found}, expected ${words ?? expected}`;
}

const MOST_SHOWN = 60;

/** Names of valibot's types in a sentence. */
const NAMES: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'an object',
};

/** @param expected as valibot writes it: `("a" | "b")` */
function oneOf(expected: string | null): string {
  return `one of ${(expected ?? '').replaceAll(/[()"]/g, '').replaceAll(' | ', ', ')}`;
}

/** Fills in the facts that a run writes at its end, when it broke off before. */
function completeRun(run: RunFactsSoFar, turns: readonly TurnRecord[]): RunFacts {
  const { warmupMs } = run.plan;
  const lastSentMs = mostOf(turns, ({ sentMs }) => sentMs, warmupMs);
  const opened = new Set(turns.flatMap(({ session }) => session ?? [])).size;
  return {
    durationMs: mostOf(turns, ({ sentMs, metrics }) => sentMs + metrics.durationMs),
    sendingMs: lastSentMs - warmupMs,
    sessions: { opened, stopped: 0, left: opened },
    ...run,
  };
}
