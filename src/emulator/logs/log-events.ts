import type { FilterLogEventsRequest, GetLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../kernel/aws-error.ts';
import { parseObject } from '../kernel/properties.ts';
import type { LogsLimits } from './limits.ts';
import { invalidParameter, type LogEvent } from './store.ts';

/** One page of FilterLogEvents, oldest first (API reference). @throws {AwsError} InvalidParameterException */
export function filterLogEvents(events: readonly LogEvent[], request: FilterLogEventsRequest, limits: LogsLimits): object {
  const { logStreamNames, logStreamNamePrefix = '', startTime = 0, endTime = Infinity, nextToken = '', filterPattern } = request;
  const matches = compileFilterPattern(filterPattern ?? '');
  const found = events.filter(
    ({ id, stream, timestamp, message }) =>
      id > nextToken &&
      timestamp >= startTime &&
      timestamp <= endTime &&
      stream.startsWith(logStreamNamePrefix) &&
      (!logStreamNames || logStreamNames.includes(stream)) &&
      matches(message),
  );
  const page = takePage(found, request.limit, limits);
  const last = page.at(-1);
  return {
    events: page.map(({ id, stream, ...event }) => ({ eventId: id, logStreamName: stream, ...output(event) })),
    searchedLogStreams: [],
    ...(last && page.length < found.length && { nextToken: last.id }),
  };
}

/**
 * One page of GetLogEvents, oldest first: the latest events, or the first ones, or those after or before the page whose token is given.
 * At either end the token stays the same (API reference). @throws {AwsError} ResourceNotFoundException, InvalidParameterException
 */
export function getLogEvents(events: readonly LogEvent[], request: GetLogEventsRequest, limits: LogsLimits): object {
  const { logStreamName, startTime = 0, endTime = Infinity, startFromHead = false, nextToken } = request;
  const all = events.filter(({ stream }) => stream === logStreamName);
  if (all.length === 0) throw new AwsError('ResourceNotFoundException', 400, 'The specified log stream does not exist.');
  const [direction = startFromHead ? 'f' : 'b', from] = nextToken?.split('/') ?? [];
  const isForward = direction === 'f';
  const found = all.filter(
    ({ id, timestamp }) =>
      timestamp >= startTime && timestamp < endTime && (from === undefined || (isForward ? id > from : id < from)),
  );
  const page = isForward
    ? takePage(found, request.limit, limits)
    : takePage(found.toReversed(), request.limit, limits).toReversed();
  return {
    events: page.map(output),
    nextForwardToken: `f/${page.at(-1)?.id ?? from ?? ''}`,
    nextBackwardToken: `b/${page[0]?.id ?? from ?? ''}`,
  };
}

const output = ({ timestamp, message }: Pick<LogEvent, 'timestamp' | 'message'>) => ({
  timestamp,
  ingestionTime: timestamp,
  message,
});

/** At least one event, of any length. @throws {AwsError} InvalidParameterException */
function takePage(events: readonly LogEvent[], limit: number | undefined, { pageEvents, pageBytes }: LogsLimits): LogEvent[] {
  const most = Math.min(limit ?? pageEvents, pageEvents);
  if (!(most >= 1)) throw invalidParameter(`Invalid limit: ${limit}`);
  const page: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += Buffer.byteLength(event.message);
    if (page.length === most || (page.length > 0 && bytes > pageBytes)) break;
    page.push(event);
  }
  return page;
}

/** A term, maybe behind `?` or `-`: a word, or what stands between quotes. */
const TERM = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)/gy;

/** `{ $.status != "-" }`: one member of a JSON message, and the text that it has or has not. */
const MEMBER = /^\{\s*\$\.(\w+)\s*(!?=)\s*"([^"*]*)"\s*\}$/;

/**
 * Compiles a filter pattern (CloudWatch Logs user guide, "Filter pattern syntax"): a message matches, in the same case, when it has all
 * terms and none behind `-`, or any of the terms behind `?`; a JSON message by one of its members.
 * @throws {AwsError} InvalidParameterException, also for other patterns for JSON, and for columns and regular expressions
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  const [, member = '', operator, wanted] = MEMBER.exec(text) ?? [];
  if (operator !== undefined) {
    return (message) => {
      const value = parseObject(message)?.[member];
      return value !== undefined && (`${value as string | number}` === wanted) === (operator === '=');
    };
  }
  if (/^[{[]|%/.test(text))
    throw invalidParameter(`the emulator does not support the filter pattern ${text}: it knows terms and one member of JSON`);
  const terms = [...text.matchAll(TERM)].map(([, sign = '', quoted, word = '']) => {
    if (quoted === undefined && !/^[\p{L}\p{N}_]+$/u.test(word)) throw invalidParameter(`Invalid character(s) in term '${word}'`);
    return { sign, term: quoted?.replaceAll(/\\(.)/g, '$1') ?? word };
  });
  if (text.replaceAll(TERM, '').trim() !== '') throw invalidParameter('Invalid filter pattern');
  const withSign = (sign: string): string[] => terms.filter((each) => each.sign === sign).map(({ term }) => term);
  const [all, none, any] = [withSign(''), withSign('-'), withSign('?')];
  if (any.length > 0 && any.length < terms.length)
    throw invalidParameter(`the emulator does not support ? beside other terms in the filter pattern ${text}`);
  return (message) =>
    (any.length === 0 || any.some((term) => message.includes(term))) &&
    all.every((term) => message.includes(term)) &&
    !none.some((term) => message.includes(term));
}
