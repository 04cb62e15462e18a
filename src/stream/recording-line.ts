import { UsageError } from '../cli/errors.ts';
import { type Ending, type Hop, HOPS, type StreamPart } from './stream-part.ts';
import { isJsonObject, type JsonObject } from '../agent-events/json-value.ts';

/** What is known of a turn beside its stream. */
export interface RecordingHeader {
  readonly version: 1;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly transport: Hop;
  readonly endpoint?: { readonly idleLimitMs?: number };
  readonly request?: { readonly prompt: string; readonly sessionId?: string };
}

export type RecordingLine =
  | { readonly type: 'recording'; readonly header: RecordingHeader }
  | { readonly type: 'part'; readonly part: StreamPart }
  | { readonly type: 'ending'; readonly ending: Ending; readonly atMs: number };

/** A byte order mark belongs to the stream. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ENDINGS = ['end', 'reset', 'client-timeout', 'cancelled'];

/** A part as its line says it: bytes as text where they are UTF-8 by themselves, else as Base64. */
export function formatRecordingPart(part: StreamPart, sentAt: number): object {
  const { type, at, ...rest } = part;
  const atMs = roundToMicros(at - sentAt);
  if (!('bytes' in rest)) return { type, atMs, ...rest };
  const { bytes } = rest;
  try {
    return { type, atMs, text: strictUtf8.decode(bytes) };
  } catch {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { type, atMs, base64: buffer.toString('base64') };
  }
}

/** Reads one line. @throws {UsageError} INVALID_RECORDING */
export function parseRecordingLine(line: string, number: number): RecordingLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw invalidRecording(number, 'not JSON');
  }
  if (!isJsonObject(value)) throw invalidRecording(number, 'not an object');
  const { type } = value;
  if (type === 'recording') return { type, header: parseHeader(value, number) };
  const atMs = value['atMs'];
  if (typeof atMs !== 'number') throw invalidRecording(number, 'atMs is not a number');
  if (type === 'ending') {
    const ending = value['ending'];
    if (typeof ending !== 'string' || !ENDINGS.includes(ending)) {
      throw invalidRecording(number, `unknown ending: ${JSON.stringify(ending)}`);
    }
    return { type, ending: ending as Ending, atMs };
  }
  return { type: 'part', part: parsePart(value, atMs, number) };
}

/** Times are kept to the microsecond. */
export function roundToMicros(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

export function invalidRecording(line: number, reason: string): UsageError {
  return new UsageError('INVALID_RECORDING', `not a recording, line ${line}: ${reason}`, {
    hint: '`agentstream invoke --record FILE` makes one',
  });
}

function parseHeader({ type: _type, ...header }: JsonObject, number: number): RecordingHeader {
  const { version, startedAt, transport, endpoint, request } = header;
  if (version !== 1) {
    throw invalidRecording(number, `version ${JSON.stringify(version)}, not 1`);
  }
  if (typeof startedAt !== 'string') throw invalidRecording(number, 'startedAt is not a string');
  if (typeof transport !== 'string' || !HOPS.includes(transport as Hop)) {
    throw invalidRecording(number, `unknown transport: ${JSON.stringify(transport)}`);
  }
  if (endpoint !== undefined && !isJsonObject(endpoint)) {
    throw invalidRecording(number, 'endpoint is not an object');
  }
  if (request !== undefined && !(isJsonObject(request) && typeof request['prompt'] === 'string')) {
    throw invalidRecording(number, 'request has no prompt');
  }
  return header as unknown as RecordingHeader;
}

function parsePart(value: JsonObject, at: number, number: number): StreamPart {
  const { type, status, headers, text, base64 } = value;
  switch (type) {
    case 'sent':
    case 'end':
      return { type, at };
    case 'headers':
      if (typeof status !== 'number' || !isJsonObject(headers)) {
        throw invalidRecording(number, 'headers without a status or headers');
      }
      return { type, at, status, headers: headers as Readonly<Record<string, string>> };
    case 'chunk':
      if (typeof text === 'string') return { type, at, bytes: Buffer.from(text) };
      if (typeof base64 === 'string') return { type, at, bytes: Buffer.from(base64, 'base64') };
      throw invalidRecording(number, 'a chunk without text or base64');
    default:
      throw invalidRecording(number, `unknown type: ${JSON.stringify(type)}`);
  }
}
