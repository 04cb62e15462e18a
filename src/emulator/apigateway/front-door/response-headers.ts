import { validateHeaderName, validateHeaderValue } from 'node:http';
import { parseObject } from '../../kernel/properties.ts';
import { badRequest } from '../errors.ts';

/** Status and headers that the function of a proxy integration returns, before API Gateway's own rules. */
export type ResponseHead = { readonly statusCode: number; readonly headers: readonly (readonly [string, string])[] };

/** Developer guide, "Amazon API Gateway important notes": response headers that reach the client under another name. */
const REMAPPED_HEADERS = new Set(
  'authorization connection content-md5 date max-forwards server user-agent www-authenticate'.split(' '),
);

/** Same page: response headers that never reach the client. */
const DROPPED_RESPONSE_HEADERS = new Set('expect host proxy-authenticate te trailer transfer-encoding upgrade via'.split(' '));

/** Whether a prelude is complete, and its content. */
type PreludeState =
  | { readonly type: 'incomplete' }
  | { readonly type: 'invalid' }
  | { readonly type: 'complete'; readonly head: ResponseHead; readonly rest: Buffer };

const DELIMITER = Buffer.alloc(8);
const METADATA_KEYS = ['statusCode', 'headers', 'multiValueHeaders', 'cookies'];

/**
 * Reads the prelude that a function has to send in a STREAM integration: metadata JSON, then eight NUL bytes, wherever the chunks are
 * split (developer guide, "Set up a Lambda proxy integration with payload response streaming").
 * @param limitBytes the delimiter has to end within these; AWS does not document whether its NULs count: here they do
 */
export function createPreludeParser(limitBytes: number) {
  let received: Buffer = Buffer.alloc(0);
  return {
    /** Takes the next chunk; not to be called again once the prelude is complete or invalid. */
    push(chunk: Buffer): PreludeState {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf(DELIMITER);
      if (end === -1) return received.length >= limitBytes ? { type: 'invalid' } : { type: 'incomplete' };
      const bodyStart = end + DELIMITER.length;
      const metadata = bodyStart > limitBytes ? undefined : parseObject(received.toString('utf8', 0, end));
      const head = metadata && readResponseHead(metadata, METADATA_KEYS);
      if (!head) return { type: 'invalid' };
      return { type: 'complete', head, rest: received.subarray(bodyStart) };
    },
  };
}

/** `multiValueHeaders` win over `headers`, cookies are added. @returns undefined for another member, type or header of HTTP */
export function readResponseHead(answer: Readonly<Record<string, unknown>>, allowed: readonly string[]) {
  if (Object.keys(answer).some((key) => !allowed.includes(key))) return undefined;
  const statusCode = Number(answer['statusCode'] ?? 200);
  if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) return undefined;
  const multi = readMap(answer['multiValueHeaders'], readValues);
  const single = readMap(answer['headers'], readValue);
  const cookies = readValues(answer['cookies'] ?? []);
  if (!multi || !single || !cookies) return undefined;
  const multiNames = new Set(multi.map(([name]) => name.toLowerCase()));
  const headers = [
    ...single.filter(([name]) => !multiNames.has(name.toLowerCase())),
    ...multi.flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    ...cookies.map((cookie) => ['Set-Cookie', cookie] as const),
  ];
  return headers.every(isValidHeader) ? { statusCode, headers } : undefined;
}

/** Applies API Gateway's rules: remaps and drops headers, and adds `application/json` to an answer without a Content-Type. */
export function toClientHeaders(headers: ResponseHead['headers']): readonly (readonly [string, string])[] {
  const kept = headers
    .filter(([name]) => !DROPPED_RESPONSE_HEADERS.has(name.toLowerCase()))
    .map(([name, value]): readonly [string, string] =>
      REMAPPED_HEADERS.has(name.toLowerCase()) ? [`x-amzn-Remapped-${name}`, value] : [name, value],
    );
  const typed = kept.some(([name]) => name.toLowerCase() === 'content-type');
  return typed ? kept : [['Content-Type', 'application/json'], ...kept];
}

function readMap<T>(value: unknown, read: (value: unknown) => T | undefined): readonly (readonly [string, T])[] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).map(([name, member]) => [name, read(member)] as const);
  return entries.every((entry): entry is readonly [string, T] => entry[1] !== undefined) ? entries : undefined;
}

function readValue(value: unknown): string | undefined {
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
  return isPlain ? String(value) : undefined;
}

function readValues(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const values = value.map(readValue);
  return values.every((item) => item !== undefined) ? values : undefined;
}

function isValidHeader([name, value]: readonly [string, string]): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** Headers with static values, in single quotes: `{prefix}X` to `'text'`. @throws {AwsError} BadRequestException for others */
export function readStaticHeaders(parameters: Readonly<Record<string, string>>, prefix: string): [string, string][] {
  return Object.entries(parameters).map(([parameter, value]) => {
    const header = parameter.startsWith(prefix) ? parameter.slice(prefix.length) : '';
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(header))
      throw badRequest(`Invalid mapping expression parameter specified: ${parameter}`);
    if (!/^'[^']*'$/.test(value))
      throw badRequest(`the emulator supports only static values in single quotes as mapping expressions, not ${value}`);
    return [header, value.slice(1, -1)];
  });
}
