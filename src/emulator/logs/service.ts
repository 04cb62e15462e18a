import type { GetLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, unknownOperation } from '../kernel/aws-error.ts';
import type { Service } from '../kernel/service.ts';
import type { Iam } from '../iam/service.ts';
import type { KeptResources } from '../kernel/resource-provider.ts';
import { arn, type Place } from '../kernel/place.ts';
import { parseObject, read, unknownMembers } from '../kernel/properties.ts';
import { sendJson } from '../protocols/rest-json.ts';
import { describeLogGroups, describeLogStreams } from './describe.ts';
import type { LogsLimits } from './limits.ts';
import { filterLogEvents, getLogEvents } from './log-events.ts';
import { logGroupProvider } from './resources/log-group.ts';
import { metricFilterProvider, samplesOf } from './resources/metric-filter.ts';
import { groupNameOf, invalidParameter, type LogGroups, noSuchGroup } from './store.ts';

type Members = Readonly<Record<string, unknown>>;

interface Operation {
  /** The members that it knows, separated by spaces. Any other would change the answer, so it is refused. */
  readonly members: string;
  /** @returns the answer's JSON. @throws {AwsError} */
  run(members: Members, authorize: (resource: string) => void): object;
}

/** Members that name a group. */
const GROUP = 'logGroupName logGroupIdentifier';

/** The reads of CloudWatch Logs in one Region, in AWS JSON 1.1; the other services write the events. The inventory is names. */
export function createLogs(input: {
  readonly place: Place;
  readonly iam: Iam;
  readonly logGroups: LogGroups;
  readonly limits: LogsLimits;
}) {
  const { place, iam, logGroups, limits } = input;
  const metricFilters: KeptResources = new Map();
  const groupArn = (name: string) => arn(place, 'logs', `log-group:${name}`);
  const filtersOf = (name: string) =>
    [...metricFilters.values()].filter((filter) => read.required(filter, 'LogGroupName') === name).length;
  /** The group that a request names, once the caller may read it. */
  const open = (members: Members, authorize: (resource: string) => void) => {
    const name = groupName(members);
    const { logStreamName = '*' } = members;
    authorize(`${groupArn(name)}:log-stream:${String(logStreamName)}`);
    const group = logGroups.get(name);
    if (!group) throw noSuchGroup();
    return { ...group, arn: groupArn(name) };
  };
  const operations: Readonly<Record<string, Operation>> = {
    DescribeLogGroups: {
      members: 'logGroupNamePrefix logGroupNamePattern limit nextToken',
      run(members, authorize) {
        // A list: the service authorization reference gives it no resource type.
        authorize('*');
        const groups = [...logGroups].map(([name, group]) => [name, group, groupArn(name), filtersOf(name)] as const);
        return describeLogGroups(groups, members);
      },
    },
    DescribeLogStreams: {
      members: `${GROUP} logStreamNamePrefix orderBy descending limit nextToken`,
      run: (members, authorize) => describeLogStreams(open(members, authorize), members),
    },
    FilterLogEvents: {
      members: `${GROUP} logStreamNames logStreamNamePrefix startTime endTime filterPattern nextToken limit`,
      run: (members, authorize) => filterLogEvents(open(members, authorize).events, members, limits),
    },
    GetLogEvents: {
      members: `${GROUP} logStreamName startTime endTime startFromHead nextToken limit`,
      run: (members, authorize) =>
        getLogEvents(open(members, authorize).events, members as unknown as GetLogEventsRequest, limits),
    },
  };
  return {
    protocol: 'rest-json',
    resourceProviders: [logGroupProvider(logGroups), metricFilterProvider(metricFilters, logGroups)],
    inventory: () => ({
      logGroups: [...logGroups.keys()],
      metricFilters: [...metricFilters]
        .filter(([, properties]) => logGroups.has(read.required(properties, 'LogGroupName')))
        .map(([name]) => name),
    }),
    /** Samples of a metric, from the events that the groups keep. */
    samplesOf: (metric: Parameters<typeof samplesOf>[2]) =>
      [...metricFilters.values()].flatMap((filter) => {
        const { events = [] } = logGroups.get(read.required(filter, 'LogGroupName')) ?? {};
        return samplesOf(filter, events, metric, limits);
      }),
    async handle(request, response) {
      const name = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) throw unknownOperation(400, `logs call ${name}`);
      const members = parseObject(request.body.toString('utf8'));
      if (!members) throw new AwsError('SerializationException', 400, 'the body is not JSON');
      const [unknown] = unknownMembers(members, operation.members);
      if (unknown !== undefined) throw invalidParameter(`the emulator does not support ${unknown} of ${name}`);
      const authorize = (resource: string) => iam.authorize(request.accessKeyId, `logs:${name}`, [resource]);
      const answer = operation.run(members, authorize);
      sendJson(response, 200, answer, { 'content-type': 'application/x-amz-json-1.1' });
    },
    close: async () => undefined,
  } satisfies Service & Record<string, unknown>;
}

/** A name, or the name within an ARN. */
function groupName({ logGroupName, logGroupIdentifier }: Members): string {
  const given = logGroupName ?? logGroupIdentifier;
  if (typeof given === 'string') return groupNameOf(given);
  throw invalidParameter('either logGroupName or logGroupIdentifier must be given');
}
