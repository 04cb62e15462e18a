import type { DescribeLogGroupsRequest, DescribeLogStreamsRequest } from '@aws-sdk/client-cloudwatch-logs';
import { invalidParameter, type LogEvent, type LogGroup } from './store.ts';

/** One page of DescribeLogGroups, by name. @param groups with the ARNs of the groups, without `:*` @throws {AwsError} InvalidParameterException */
export function describeLogGroups(
  groups: readonly (readonly [name: string, group: LogGroup, arn: string, metricFilters: number])[],
  { logGroupNamePrefix = '', logGroupNamePattern = '', limit, nextToken }: DescribeLogGroupsRequest,
): object {
  if (logGroupNamePrefix && logGroupNamePattern)
    throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  const found = groups.filter(([name]) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern));
  found.sort(([a], [b]) => (a < b ? -1 : 1));
  const { items, ...next } = pageOf(found, limit, nextToken);
  const logGroups = items.map(([logGroupName, { events, creationTime, retentionInDays }, arn, metricFilterCount]) => ({
    logGroupName,
    creationTime,
    retentionInDays,
    metricFilterCount,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass: 'STANDARD',
    storedBytes: events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0),
  }));
  return { logGroups, ...next };
}

/** One page of DescribeLogStreams: the streams of the events that are kept. @throws {AwsError} InvalidParameterException */
export function describeLogStreams(
  { events, arn }: LogGroup & { readonly arn: string },
  { logStreamNamePrefix = '', orderBy = 'LogStreamName', descending = false, limit, nextToken }: DescribeLogStreamsRequest,
): object {
  const isByTime = orderBy === 'LastEventTime';
  if (isByTime && logStreamNamePrefix) throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const streams = new Map<string, { readonly first: LogEvent; last: LogEvent }>();
  for (const event of events) {
    const known = streams.get(event.stream);
    if (known) known.last = event;
    else if (event.stream.startsWith(logStreamNamePrefix)) streams.set(event.stream, { first: event, last: event });
  }
  const found = [...streams.values()];
  const keyOf = ({ last }: { readonly last: LogEvent }): string => (isByTime ? last.id : last.stream);
  found.sort((a, b) => (keyOf(a) < keyOf(b) === descending ? 1 : -1));
  const { items, ...next } = pageOf(found, limit, nextToken);
  const logStreams = items.map(({ first, last }) => ({
    logStreamName: last.stream,
    creationTime: first.timestamp,
    firstEventTimestamp: first.timestamp,
    lastEventTimestamp: last.timestamp,
    lastIngestionTime: last.timestamp,
    arn: `${arn}:log-stream:${last.stream}`,
    // Not reported for streams since 2019 (API reference, LogStream).
    storedBytes: 0,
  }));
  return { logStreams, ...next };
}

/** API reference, `limit` of both operations: 50 when absent, and at most. */
const PAGE_SIZE = 50;

/** @param nextToken where the page begins */
function pageOf<T>(all: readonly T[], limit: number = PAGE_SIZE, nextToken = '0') {
  if (!(limit >= 1 && limit <= PAGE_SIZE)) throw invalidParameter(`Invalid limit: ${limit}`);
  const from = Number(nextToken);
  if (!Number.isInteger(from)) throw invalidParameter('The specified nextToken is invalid.');
  const to = from + limit;
  return { items: all.slice(from, to), ...(to < all.length && { nextToken: String(to) }) };
}
