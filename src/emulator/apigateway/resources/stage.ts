import { read, refuseUnknown } from '../../kernel/properties.ts';
import { type Properties, type ResourceProvider } from '../../kernel/resource-provider.ts';
import { type ApiStore, badRequest, conflict, findDeployment, findRestApi, findStage } from '../store.ts';
import type { MethodSetting, Stage } from '../rest-api.ts';
import { pathActions, restApiPath } from './path-actions.ts';

const LOGGING_LEVELS = ['OFF', 'ERROR', 'INFO'] as const;

/** AWS::ApiGateway::Stage: the name that clients call a deployment by. */
export function stageProvider(store: ApiStore): ResourceProvider {
  const put = (properties: Properties, createdAt: Date) => {
    const api = findRestApi(store, read.required(properties, 'RestApiId'));
    const deployment = findDeployment(api, read.required(properties, 'DeploymentId'));
    const stage: Stage = {
      name: read.required(properties, 'StageName'),
      deploymentId: deployment.id,
      description: read.string(properties, 'Description'),
      variables: read.stringMap(properties, 'Variables'),
      tracingEnabled: read.boolean(properties, 'TracingEnabled') ?? false,
      accessLog: readAccessLog(properties),
      methodSettings: readMethodSettings(properties),
      tags: read.tags(properties),
      createdAt,
      updatedAt: new Date(),
    };
    const logs = [...stage.methodSettings.values()].some(({ loggingLevel }) => loggingLevel !== 'OFF');
    if ((logs || stage.accessLog) && !store.cloudWatchRoleArn) {
      throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
    }
    api.stages.set(stage.name, stage);
    return { physicalId: stage.name, attributes: {} };
  };

  return {
    type: 'AWS::ApiGateway::Stage',
    createOnly: 'RestApiId StageName',
    mutable: 'DeploymentId Description Variables TracingEnabled AccessLogSetting MethodSettings Tags',
    required: ['RestApiId', 'StageName', 'DeploymentId'],
    actions: pathActions({
      collection: (step) => `${restApiPath(step)}/stages`,
      item: (step) => `${restApiPath(step)}/stages/${read.required(step.properties, 'StageName')}`,
      create: { collection: ['POST'], item: ['GET', 'PATCH'] },
      update: ['GET', 'PATCH'],
      delete: ['DELETE'],
      isTagged: true,
    }),
    async create(properties) {
      const name = read.required(properties, 'StageName');
      if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
      if (findRestApi(store, read.required(properties, 'RestApiId')).stages.has(name))
        throw conflict('Stage already exists');
      return put(properties, new Date());
    },
    async update(physicalId, properties) {
      const api = findRestApi(store, read.required(properties, 'RestApiId'));
      return put(properties, findStage(api, physicalId).createdAt);
    },
    async delete(physicalId, properties) {
      store.restApis.get(read.required(properties, 'RestApiId'))?.stages.delete(physicalId);
    },
  };
}

function readAccessLog(properties: Properties): Stage['accessLog'] {
  const setting = read.object(properties, 'AccessLogSetting', 'DestinationArn Format');
  if (!setting) return undefined;
  return {
    destinationArn: read.required(setting, 'DestinationArn'),
    format: read.required(setting, 'Format'),
  };
}

function readMethodSettings(properties: Properties): Stage['methodSettings'] {
  const settings = read.objects(properties, 'MethodSettings');
  return new Map(settings.map(readMethodSetting));
}

function readMethodSetting(properties: Properties): [string, MethodSetting] {
  refuseUnknown(
    properties,
    'MethodSettings',
    'HttpMethod ResourcePath LoggingLevel MetricsEnabled DataTraceEnabled ThrottlingBurstLimit ThrottlingRateLimit',
  );
  const level = read.string(properties, 'LoggingLevel') ?? 'OFF';
  const loggingLevel = LOGGING_LEVELS.find((known) => known === level);
  if (!loggingLevel) throw badRequest(`Invalid logging level: ${level}`);
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
