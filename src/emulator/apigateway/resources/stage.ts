import { oneOf, read, refuseUnknown } from '../../kernel/properties.ts';
import { type Properties, type ResourceProvider } from '../../kernel/resource-provider.ts';
import { apiOf, type ApiStore, badRequest, conflict, existingApi, find } from '../store.ts';
import type { MethodSetting, Stage } from '../rest-api.ts';
import { pathActions } from './path-actions.ts';

const LOGGING_LEVELS = ['OFF', 'ERROR', 'INFO'] as const;

/** AWS::ApiGateway::Stage: the name that clients call a deployment by. */
export function stageProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::Stage',
    createOnly: 'RestApiId StageName',
    mutable: 'DeploymentId Description Variables TracingEnabled AccessLogSetting MethodSettings Tags',
    required: 'RestApiId StageName DeploymentId',
    actions: pathActions('AWS::ApiGateway::Stage', '/restapis/{RestApiId}/stages', '{StageName}'),
    put(step) {
      const { physicalId, properties } = step;
      const api = apiOf(store, step);
      const name = read.required(properties, 'StageName');
      if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
      if (physicalId === undefined && api.stages.has(name)) throw conflict('Stage already exists');
      const stage: Stage = {
        stageName: name,
        deploymentId: find.deployment(api, read.required(properties, 'DeploymentId')).id,
        description: read.string(properties, 'Description'),
        variables: read.stringMap(properties, 'Variables'),
        tracingEnabled: read.boolean(properties, 'TracingEnabled') ?? false,
        accessLogSettings: readAccessLog(properties),
        methodSettings: new Map(read.objects(properties, 'MethodSettings').map(readMethodSetting)),
        tags: read.tags(properties),
        createdDate: physicalId === undefined ? new Date() : find.stage(api, physicalId).createdDate,
        lastUpdatedDate: new Date(),
      };
      const logs = [...stage.methodSettings.values()].some(({ loggingLevel }) => loggingLevel !== 'OFF');
      if ((logs || stage.accessLogSettings) && !store.cloudWatchRoleArn)
        throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
      api.stages.set(name, stage);
      return { physicalId: name, attributes: {} };
    },
    delete: (step) => void existingApi(store, step)?.stages.delete(step.physicalId),
  };
}

function readAccessLog(properties: Properties): Stage['accessLogSettings'] {
  const setting = read.object(properties, 'AccessLogSetting', 'DestinationArn Format');
  if (!setting) return undefined;
  return { destinationArn: read.required(setting, 'DestinationArn'), format: read.required(setting, 'Format') };
}

function readMethodSetting(properties: Properties): [string, MethodSetting] {
  refuseUnknown(
    properties,
    'MethodSettings',
    'HttpMethod ResourcePath LoggingLevel MetricsEnabled DataTraceEnabled ThrottlingBurstLimit ThrottlingRateLimit',
  );
  const level = read.string(properties, 'LoggingLevel') ?? 'OFF';
  const loggingLevel = oneOf(level, LOGGING_LEVELS, (given) => badRequest(`Invalid logging level: ${given}`));
  const path = read.required(properties, 'ResourcePath').replace(/^\//, '');
  return [
    `${path}/${read.required(properties, 'HttpMethod')}`,
    {
      loggingLevel,
      metricsEnabled: read.boolean(properties, 'MetricsEnabled') ?? false,
      dataTraceEnabled: read.boolean(properties, 'DataTraceEnabled') ?? false,
      throttlingBurstLimit: read.number(properties, 'ThrottlingBurstLimit'),
      throttlingRateLimit: read.number(properties, 'ThrottlingRateLimit'),
    },
  ];
}
