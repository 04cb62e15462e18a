import { oneOf, read, refuseUnknown } from '../../kernel/properties.ts';
import type { Properties } from '../../kernel/resource-provider.ts';
import { badRequest } from '../errors.ts';

const LOGGING_LEVELS = ['OFF', 'ERROR', 'INFO'] as const;

export type Stage = ReturnType<typeof readStage>;

/** @param createdDate of the stage, when it exists. @throws {AwsError} BadRequestException */
export function readStage(properties: Properties, deploymentId: string, createdDate = new Date()) {
  const stageName = read.required(properties, 'StageName');
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(stageName)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
  return {
    stageName,
    deploymentId,
    description: read.string(properties, 'Description'),
    variables: read.stringMap(properties, 'Variables'),
    tracingEnabled: read.boolean(properties, 'TracingEnabled') ?? false,
    accessLogSettings: readAccessLog(properties),
    /** By `{resource path without leading slash}/{METHOD}`, or `*` for either. */
    methodSettings: new Map(read.objects(properties, 'MethodSettings').map(readMethodSetting)),
    tags: read.tags(properties),
    createdDate,
    lastUpdatedDate: new Date(),
  };
}

function readAccessLog(properties: Properties) {
  const setting = read.object(properties, 'AccessLogSetting', 'DestinationArn Format');
  if (!setting) return undefined;
  return { destinationArn: read.required(setting, 'DestinationArn'), format: read.required(setting, 'Format') };
}

export type MethodSetting = ReturnType<typeof readMethodSetting>[1];

function readMethodSetting(properties: Properties) {
  refuseUnknown(
    properties,
    'MethodSettings',
    'HttpMethod ResourcePath LoggingLevel MetricsEnabled DataTraceEnabled ThrottlingBurstLimit ThrottlingRateLimit',
  );
  const level = read.string(properties, 'LoggingLevel') ?? 'OFF';
  const loggingLevel = oneOf(level, LOGGING_LEVELS, (given) => badRequest(`Invalid logging level: ${given}`));
  const path = read.required(properties, 'ResourcePath').replace(/^\//, '');
  const method: string = `${path}/${read.required(properties, 'HttpMethod')}`;
  return [
    method,
    {
      loggingLevel,
      metricsEnabled: read.boolean(properties, 'MetricsEnabled') ?? false,
      dataTraceEnabled: read.boolean(properties, 'DataTraceEnabled') ?? false,
      throttlingBurstLimit: read.number(properties, 'ThrottlingBurstLimit'),
      throttlingRateLimit: read.number(properties, 'ThrottlingRateLimit'),
    },
  ] as const;
}
