import { AwsError } from '../../kernel/aws-error.ts';
import { generatePhysicalName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { readNumber, readString } from '../../kernel/properties.ts';
import type {
  Properties,
  ResourceContext,
  ResourceProvider,
} from '../../kernel/resource-provider.ts';
import type { LogEvent } from '../log-events.ts';
import { LOG_GROUP_ACTIONS } from '../resource-actions.ts';

export interface LogGroup {
  readonly name: string;
  readonly retentionInDays: number | undefined;
  /** Oldest first. */
  readonly events: LogEvent[];
}

/** The log groups of one Region, by name. */
export type LogGroups = Map<string, LogGroup>;

/** Retention periods that CloudWatch Logs takes (API reference of PutRetentionPolicy). */
const RETENTION_DAYS = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
]);

/** Makes a group, or changes how long it keeps its events. */
export function putLogGroup(
  logGroups: LogGroups,
  name: string,
  retentionInDays: number | undefined,
): void {
  logGroups.set(name, { name, retentionInDays, events: logGroups.get(name)?.events ?? [] });
}

/** AWS::Logs::LogGroup. `Arn` ends with `:*`, as CloudFormation returns it. */
export function logGroupProvider(logGroups: LogGroups): ResourceProvider {
  const put = (name: string, properties: Properties, context: ResourceContext) => {
    const retentionInDays = readNumber(properties, 'RetentionInDays');
    if (retentionInDays !== undefined && !RETENTION_DAYS.has(retentionInDays)) {
      throw new AwsError(
        'InvalidParameterException',
        400,
        `Invalid retention policy value: ${retentionInDays} days`,
      );
    }
    putLogGroup(logGroups, name, retentionInDays);
    return { physicalId: name, attributes: { Arn: arn(context, 'logs', `log-group:${name}:*`) } };
  };
  return {
    type: 'AWS::Logs::LogGroup',
    properties: { LogGroupName: 'create-only', RetentionInDays: 'mutable', Tags: 'mutable' },
    required: [],
    actions: LOG_GROUP_ACTIONS,
    async create(properties, context) {
      const name = readString(properties, 'LogGroupName') ?? generatePhysicalName(context, 512);
      if (logGroups.has(name)) {
        throw new AwsError(
          'ResourceAlreadyExistsException',
          400,
          `Resource of type 'AWS::Logs::LogGroup' with identifier '${name}' already exists.`,
        );
      }
      return put(name, properties, context);
    },
    async update(physicalId, properties, _previous, context) {
      return put(physicalId, properties, context);
    },
    async delete(physicalId) {
      logGroups.delete(physicalId);
    },
  };
}
