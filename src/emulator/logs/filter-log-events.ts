import type { FilterLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs';
import { errorType } from '../kernel/aws-error.ts';
import { unknownMembers } from '../kernel/properties.ts';
import type { LogsLimits } from './limits.ts';
import type { LogEvent } from './store.ts';

const invalid = errorType('InvalidParameterException', 400);

/** The members that the emulator knows. Any other would change the answer, so it is refused. */
const KNOWN = 'logGroupName logGroupIdentifier logStreamNames logStreamNamePrefix startTime endTime nextToken limit';

/** One page of FilterLogEvents, oldest first (API reference). @throws {AwsError} InvalidParameterException */
export function filterLogEvents(
  events: readonly LogEvent[],
  members: Readonly<Record<string, unknown>>,
  limits: LogsLimits,
): object {
  const [unknown] = unknownMembers(members, KNOWN);
  if (unknown !== undefined) throw invalid(`the emulator does not know the member ${unknown}`);
  const request = members as FilterLogEventsRequest;
  const { logStreamNames, logStreamNamePrefix = '', startTime = 0, endTime = Infinity, nextToken = '', limit } = request;
  const most = Math.min(limit ?? limits.pageEvents, limits.pageEvents);
  if (!(most >= 1)) throw invalid(`Invalid limit: ${limit}`);
  const found = events.filter(
    ({ id, stream, timestamp }) =>
      id > nextToken &&
      timestamp >= startTime &&
      timestamp <= endTime &&
      stream.startsWith(logStreamNamePrefix) &&
      (!logStreamNames || logStreamNames.includes(stream)),
  );
  const page = takePage(found, most, limits.pageBytes);
  const last = page.at(-1);
  return {
    events: page.map(({ id, stream, timestamp, message }) => ({
      eventId: id,
      logStreamName: stream,
      timestamp,
      ingestionTime: timestamp,
      message,
    })),
    searchedLogStreams: [],
    ...(last && page.length < found.length && { nextToken: last.id }),
  };
}

/** At least one event, of any length. */
function takePage(events: readonly LogEvent[], most: number, mostBytes: number): LogEvent[] {
  const page: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += Buffer.byteLength(event.message);
    if (page.length === most || (page.length > 0 && bytes > mostBytes)) break;
    page.push(event);
  }
  return page;
}
