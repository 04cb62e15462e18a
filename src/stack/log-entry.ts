import { type JsonObject, parseMembers } from '../agent-events/json-value.ts';
import type { LogEvent, StackLogGroup } from './follow-logs.ts';

/** A log event that has been read. */
export type LogEntry = { readonly atMs: number } & (
  | { readonly source: 'function'; readonly entry: FunctionLogEntry }
  | { readonly source: 'access'; readonly entry: AccessLogEntry }
  /** Written in a format that the stage no longer has. */
  | { readonly source: 'access'; readonly text: string }
);

/** Makes a reader for the events of these groups. */
export function createLogEntryReader(groups: readonly StackLogGroup[]): (group: StackLogGroup, event: LogEvent) => LogEntry {
  const readers = new Map(groups.map(({ name, format = '' }) => [name, createAccessLogReader(format)] as const));
  return ({ name, source }, { atMs, message }) => {
    if (source === 'function') return { atMs, source, entry: readFunctionLog(message) };
    const entry = readers.get(name)?.(message);
    return entry ? { atMs, source, entry } : { atMs, source, text: message };
  };
}

/** One request in the access log. A member is undefined when the format leaves it out or API Gateway had no value. */
export type AccessLogEntry = { readonly [Member in keyof typeof TEXTS]?: string } & {
  readonly [Member in keyof typeof NUMBERS]?: number;
};

/** Developer guide, "Troubleshoot issues with response streaming" and "Set up access logging"; the first with a value counts. */
const TEXTS = {
  requestId: ['requestId', 'extendedRequestId'],
  method: ['httpMethod'],
  path: ['path', 'resourcePath'],
  /** `STREAMED` or `BUFFERED`. */
  transferMode: ['integration.responseTransferMode'],
  /** API Gateway's error for a request that never reached the function; our format has its type alone. */
  error: ['error.message', 'error.responseType'],
} as const;
const NUMBERS = {
  status: ['status'],
  /** From the call of the function to all of its headers, ms. */
  headersMs: ['integration.timeToAllHeaders'],
  /** To the first byte of content, ms. */
  firstContentMs: ['integration.timeToFirstContent'],
  /** To the end of the stream, ms: the length of the answer, not a latency. */
  endMs: ['integrationLatency', 'integration.latency'],
  bytes: ['responseLength'],
} as const;

/**
 * Turns the format of an access log (JSON, CLF, XML or CSV) into a pattern that reads its lines.
 * @param format the stage's format, with its `$context` variables
 * @returns a reader that returns undefined for a line in another format, such as an earlier one of the stage
 */
export function createAccessLogReader(format: string): (line: string) => AccessLogEntry | undefined {
  const names: string[] = [];
  const pattern = format
    .trim()
    .split(/(\$context\.\w+(?:\.\w+)*)/)
    .map((part) => {
      if (!part.startsWith('$context.')) return part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
      names.push(part.slice('$context.'.length));
      return '(.*?)';
    })
    .join('');
  const line = new RegExp(`^${pattern}$`, 's');
  return (text) => {
    const found = line.exec(text.trim());
    if (!found || names.length === 0) return undefined;
    const values = new Map(names.map((name, index) => [name, found[index + 1] ?? '-']));
    return toEntry(values);
  };
}

function toEntry(values: ReadonlyMap<string, string>): AccessLogEntry {
  const valueOf = (names: readonly string[]): string | undefined =>
    names.map((name) => values.get(name)).find((value) => value !== undefined && value !== '-');
  const texts = Object.entries(TEXTS).map(([member, names]) => [member, valueOf(names)] as const);
  const numbers = Object.entries(NUMBERS).map(([member, names]) => {
    const number = Number(valueOf(names) ?? Number.NaN);
    return [member, Number.isFinite(number) ? number : undefined] as const;
  });
  return Object.fromEntries([...texts, ...numbers].filter(([, value]) => value !== undefined));
}

/** One message in a function's log. Times are ms. */
export type FunctionLogEntry = ReturnType<typeof readFunctionLog>;

const ID = '[0-9a-f-]{36}';
const PLATFORM = new RegExp(`^(START|END|REPORT) RequestId: (${ID})`);
/** A line of `console` in Lambda's text format: time, request id, level, text. */
const CONSOLE = new RegExp(`^\\S+Z\\t(${ID}|undefined)\\t([A-Z]+)\\t([^]*)$`);

/** Reads a message in Lambda's text format (Lambda guide, "Viewing CloudWatch logs"); JSON lines keep their level and request id. */
export function readFunctionLog(message: string) {
  const [, kind, requestId = ''] = PLATFORM.exec(message) ?? [];
  if (kind === 'START') return { type: 'start', requestId } as const;
  if (kind === 'END') return { type: 'end', requestId } as const;
  if (kind === 'REPORT') {
    return {
      type: 'report',
      requestId,
      durationMs: figure(message, 'Duration'),
      billedMs: figure(message, 'Billed Duration'),
      /** Undefined unless the invocation waited for a cold start. */
      initMs: figure(message, 'Init Duration'),
      memoryMb: figure(message, 'Memory Size'),
      usedMemoryMb: figure(message, 'Max Memory Used'),
    } as const;
  }
  const [, ofLine, level, text] = CONSOLE.exec(message) ?? [];
  if (text !== undefined) return { type: 'line', text, level: level?.toLowerCase(), requestId: ofLine } as const;
  const json = parseMembers(message);
  const { level: ofJson, requestId: idOfJson, code, durationMs } = json;
  if (typeof code === 'string' && typeof durationMs === 'number')
    return { type: 'failure', code, durationMs, ...textsOf(json, FAILURE_TEXTS) } as const;
  const isTimeout = /Task timed out after|Runtime exited|Runtime\.\w+Error/.test(message);
  return {
    type: 'line',
    text: message,
    level: typeof ofJson === 'string' ? ofJson.toLowerCase() : isTimeout ? 'error' : undefined,
    requestId: typeof idOfJson === 'string' ? idOfJson : undefined,
  } as const;
}

function figure(message: string, name: string): number | undefined {
  const text = new RegExp(`(?:^|\\t)${name}: ([\\d.]+) (?:ms|MB)`).exec(message)?.[1];
  return text === undefined ? undefined : Number(text);
}

/** The other members of the line that the function writes for each failed turn (`ClientResponse.errorBody`). */
const FAILURE_TEXTS = ['requestId', 'sessionId', 'message', 'upstreamStatus', 'awsRequestId', 'stack'] as const;

function textsOf<Name extends string>(json: JsonObject, names: readonly Name[]) {
  const given = names.flatMap((name) => {
    const value = json[name];
    return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)] as const] : [];
  });
  return Object.fromEntries(given) as { readonly [Member in Name]?: string };
}
