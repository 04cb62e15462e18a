import * as v from 'valibot';
import { isJsonObject, jsonText, parseJson } from '../agent-events/json-value.ts';
import { hint, UsageError } from '../cli/errors.ts';
import { type Ending, ENDINGS, HOPS, type StreamPart } from './stream-part.ts';

const shown = ({ input }: { readonly input: unknown }): string => (input === undefined ? 'nothing' : jsonText(input));
const text = (name: string) => v.string(`${name} is not a string`);

/** The facts of a turn beside its stream. Members that a later version adds are kept. */
const Header = v.looseObject({
  version: v.literal(1, (issue) => `version ${shown(issue)}, not 1`),
  /** ISO 8601. */
  startedAt: text('startedAt'),
  transport: v.picklist(HOPS, (issue) => `unknown transport: ${shown(issue)}`),
  endpoint: v.exactOptional(
    v.looseObject({ idleLimitMs: v.exactOptional(v.number('idleLimitMs is not a number')) }, 'endpoint is not an object'),
  ),
  request: v.exactOptional(
    v.looseObject({ prompt: text('prompt'), sessionId: v.exactOptional(text('sessionId')) }, 'request has no prompt'),
  ),
});

export type RecordingHeader = Readonly<v.InferOutput<typeof Header>>;

/** One turn as it came off the socket. Times (`at`) are ms since `sent`, to the microsecond. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly parts: readonly StreamPart[];
  readonly ending: Ending;
  /** When the end was known, ms since `sent`. */
  readonly endedAtMs: number;
}

const atMs = v.number('atMs is not a number');
const HEADERS = 'headers without a status or headers';

/** One line. Times are ms since `sent`. */
const Line = v.variant(
  'type',
  [
    v.object({ type: v.literal('recording'), ...Header.entries }),
    v.object({ type: v.picklist(['sent', 'end']), atMs }),
    v.object({
      type: v.literal('headers'),
      atMs,
      status: v.number(HEADERS),
      headers: v.record(v.string(), v.string(HEADERS), HEADERS),
    }),
    v.object({ type: v.literal('chunk'), atMs, text: v.exactOptional(text('text')), base64: v.exactOptional(text('base64')) }),
    v.object({ type: v.literal('ending'), atMs, ending: v.picklist(ENDINGS, (issue) => `unknown ending: ${shown(issue)}`) }),
  ],
  (issue) => `unknown type: ${shown(issue)}`,
);

/** Reads one or more recordings that follow each other. @throws {UsageError} INVALID_RECORDING with the line that is wrong */
export function parseRecordings(ndjson: string): Recording[] {
  const recordings: Recording[] = [];
  let open: { header: RecordingHeader; parts: StreamPart[]; line: number } | undefined;
  for (const [index, line] of ndjson.split('\n').entries()) {
    if (line.trim() === '') continue;
    const number = index + 1;
    const parsed = parseLine(line, number);
    if (parsed.type === 'recording') {
      if (open) throw unfinished(open.line);
      const { type: _type, ...header } = parsed;
      open = { header, parts: [], line: number };
    } else if (!open) {
      throw invalid(number, 'a recording begins with a line of type recording');
    } else if (parsed.type === 'ending') {
      const { header, parts } = open;
      recordings.push({ header, parts, ending: parsed.ending, endedAtMs: parsed.atMs });
      open = undefined;
    } else {
      open.parts.push(toPart(parsed, number));
    }
  }
  if (open) throw unfinished(open.line);
  if (recordings.length === 0) throw invalid(1, 'there is no recording in it');
  return recordings;
}

type ParsedLine = v.InferOutput<typeof Line>;

function parseLine(line: string, number: number): ParsedLine {
  const value = parseJson(line);
  if (value === undefined) throw invalid(number, 'not JSON');
  if (!isJsonObject(value)) throw invalid(number, 'not an object');
  const result = v.safeParse(Line, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const isMissing = issue.received === 'undefined';
  throw invalid(number, isMissing ? `${v.getDotPath(issue)} is missing` : issue.message);
}

function toPart(line: Exclude<ParsedLine, { readonly type: 'recording' | 'ending' }>, number: number): StreamPart {
  const { atMs: at, ...part } = line;
  if (part.type !== 'chunk') return { ...part, at };
  if (part.text !== undefined) return { type: 'chunk', at, bytes: Buffer.from(part.text) };
  if (part.base64 === undefined) throw invalid(number, 'a chunk without text or base64');
  return { type: 'chunk', at, bytes: Buffer.from(part.base64, 'base64') };
}

function unfinished(line: number): UsageError {
  return invalid(line, 'the recording that begins here has no end');
}

function invalid(line: number, reason: string): UsageError {
  return new UsageError('INVALID_RECORDING', `not a recording, line ${line}: ${reason}`, {
    hint: hint`\`${['agentstream', 'invoke', '--record', 'FILE']}\` makes one`,
  });
}
