import { AwsError, unknownOperation } from '../kernel/aws-error.ts';
import type { Service } from '../kernel/service.ts';
import type { Iam } from '../iam/service.ts';
import type { KeptResources } from '../kernel/resource-provider.ts';
import { arn, type Place } from '../kernel/place.ts';
import { parseObject, read } from '../kernel/properties.ts';
import { sendJson } from '../protocols/rest-json.ts';
import { filterLogEvents } from './filter-log-events.ts';
import type { LogsLimits } from './limits.ts';
import { logGroupProvider } from './resources/log-group.ts';
import { metricFilterProvider } from './resources/metric-filter.ts';
import { groupNameOf, type LogGroups, noSuchGroup } from './store.ts';

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
  throw new AwsError('InvalidParameterException', 400, 'either logGroupName or logGroupIdentifier must be given');
}
