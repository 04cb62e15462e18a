import type { FilterLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, errorType, unknownOperation } from '../kernel/aws-error.ts';
import type { Service } from '../kernel/service.ts';
import type { Iam } from '../iam/service.ts';
import type { KeptResources } from '../kernel/resource-provider.ts';
import { arn, type Place } from '../kernel/place.ts';
import { parseObject, read, unknownMembers } from '../kernel/properties.ts';
import { sendJson } from '../protocols/rest-json.ts';
import type { LogsLimits } from './limits.ts';
import { logGroupProvider } from './resources/log-group.ts';
import { metricFilterProvider } from './resources/metric-filter.ts';
import { groupNameOf, type LogEvent, type LogGroups, noSuchGroup } from './store.ts';

const invalid = errorType('InvalidParameterException', 400);

/** FilterLogEvents of one Region, in AWS JSON 1.1; the other services write the events. The inventory is names. */
export function createLogs(input: {
  readonly place: Place;
  readonly iam: Iam;
  readonly logGroups: LogGroups;
  readonly limits: LogsLimits;
}) {
  const { place, iam, logGroups, limits } = input;
  const metricFilters: KeptResources = new Map();
  return {
    protocol: 'rest-json',
    resourceProviders: [logGroupProvider(logGroups), metricFilterProvider(metricFilters, logGroups)],
    inventory: () => ({
      logGroups: [...logGroups.keys()],
      metricFilters: [...metricFilters]
        .filter(([, properties]) => logGroups.has(read.required(properties, 'LogGroupName')))
        .map(([name]) => name),
    }),
    async handle(request, response) {
      const operation = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
      if (operation !== 'FilterLogEvents') throw unknownOperation(400, `logs call ${operation}`);
      const members = parseObject(request.body.toString('utf8'));
      if (!members) throw new AwsError('SerializationException', 400, 'the body is not JSON');
      const name = groupName(members);
      const resource = arn(place, 'logs', `log-group:${name}:log-stream:*`);
      iam.authorize(request.accessKeyId, 'logs:FilterLogEvents', [resource]);
      const group = logGroups.get(name);
      if (!group) throw noSuchGroup();
      const page = filterLogEvents(group.events, members, limits);
      sendJson(response, 200, page, { 'content-type': 'application/x-amz-json-1.1' });
    },
    close: async () => undefined,
  } satisfies Service & Record<string, unknown>;
}

/** A name, or the name within an ARN. */
function groupName({ logGroupName, logGroupIdentifier }: Readonly<Record<string, unknown>>): string {
  const given = logGroupName ?? logGroupIdentifier;
  if (typeof given === 'string') return groupNameOf(given);
  throw invalid('either logGroupName or logGroupIdentifier must be given');
}

/** The members that the emulator knows. Any other would change the answer, so it is refused. */
const KNOWN = 'logGroupName logGroupIdentifier logStreamNames logStreamNamePrefix startTime endTime nextToken limit';

/** One page of FilterLogEvents, oldest first (API reference). @throws {AwsError} InvalidParameterException */
function filterLogEvents(events: readonly LogEvent[], members: Readonly<Record<string, unknown>>, limits: LogsLimits): object {
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
