import {
  readBoolean,
  readList,
  readNumber,
  readObject,
  readString,
  readStringMap,
  refuseUnknown,
  requireString,
} from '../../kernel/properties.ts';
import type { Properties, ResourceProvider } from '../../kernel/resource-provider.ts';
import { type ApiStore, findDeployment, findRestApi, findStage } from '../store.ts';
import type { MethodSetting, Stage } from '../rest-api.ts';
import { readTags } from './tags.ts';
import { pathActions, restApiPath } from './path-actions.ts';
import { badRequest, conflict } from '../errors.ts';

const LOGGING_LEVELS = ['OFF', 'ERROR', 'INFO'] as const;

const ACTIONS = pathActions({
  collection: (step) => `${restApiPath(step)}/stages`,
  item: (step) => `${restApiPath(step)}/stages/${requireString(step.properties, 'StageName')}`,
  create: { collection: ['POST'], item: ['GET', 'PATCH'] },
  update: ['GET', 'PATCH'],
  delete: ['DELETE'],
  isTagged: true,
});

/** AWS::ApiGateway::Stage: the name that clients call a deployment by. */
export function stageProvider(store: ApiStore): ResourceProvider {
  const put = (properties: Properties, createdAt: Date) => {
    const api = findRestApi(store, requireString(properties, 'RestApiId'));
    const deployment = findDeployment(api, requireString(properties, 'DeploymentId'));
    const stage: Stage = {
      name: requireString(properties, 'StageName'),
      deploymentId: deployment.id,
      description: readString(properties, 'Description'),
      variables: readStringMap(properties, 'Variables'),
      tracingEnabled: readBoolean(properties, 'TracingEnabled') ?? false,
      accessLog: readAccessLog(properties),
      methodSettings: readMethodSettings(properties),
      tags: readTags(properties),
      createdAt,
      updatedAt: new Date(),
    };
    const logs = [...stage.methodSettings.values()].some(
      ({ loggingLevel }) => loggingLevel !== 'OFF',
    );
    if ((logs || stage.accessLog) && !store.cloudWatchRoleArn) {
      throw badRequest(
        'CloudWatch Logs role ARN must be set in account settings to enable logging',
      );
    }
    api.stages.set(stage.name, stage);
    return { physicalId: stage.name, attributes: {} };
  };

  return {
    type: 'AWS::ApiGateway::Stage',
    properties: {
      RestApiId: 'create-only',
      StageName: 'create-only',
      DeploymentId: 'mutable',
      Description: 'mutable',
      Variables: 'mutable',
      TracingEnabled: 'mutable',
      AccessLogSetting: 'mutable',
      MethodSettings: 'mutable',
      Tags: 'mutable',
    },
    required: ['RestApiId', 'StageName', 'DeploymentId'],
    actions: ACTIONS,
    async create(properties) {
      const name = requireString(properties, 'StageName');
      if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name))
        throw badRequest('Stage name only allows a-zA-Z0-9_-');
      if (findRestApi(store, requireString(properties, 'RestApiId')).stages.has(name)) {
        throw conflict('Stage already exists');
      }
      return put(properties, new Date());
    },
    async update(physicalId, properties) {
      const api = findRestApi(store, requireString(properties, 'RestApiId'));
      return put(properties, findStage(api, physicalId).createdAt);
    },
    async delete(physicalId, properties) {
      store.restApis.get(requireString(properties, 'RestApiId'))?.stages.delete(physicalId);
    },
  };
}

function readAccessLog(properties: Properties): Stage['accessLog'] {
  const setting = readObject(properties, 'AccessLogSetting');
  if (!setting) return undefined;
  refuseUnknown(setting, 'AccessLogSetting', ['DestinationArn', 'Format']);
  return {
    destinationArn: requireString(setting, 'DestinationArn'),
    format: requireString(setting, 'Format'),
  };
}

function readMethodSettings(properties: Properties): Stage['methodSettings'] {
  const settings = (readList(properties, 'MethodSettings') ?? []) as Properties[];
  return new Map(settings.map(readMethodSetting));
}

function readMethodSetting(properties: Properties): [string, MethodSetting] {
  refuseUnknown(properties, 'MethodSettings', [
    'HttpMethod',
    'ResourcePath',
    'LoggingLevel',
    'MetricsEnabled',
    'DataTraceEnabled',
    'ThrottlingBurstLimit',
    'ThrottlingRateLimit',
  ]);
  const level = readString(properties, 'LoggingLevel') ?? 'OFF';
  const loggingLevel = LOGGING_LEVELS.find((known) => known === level);
  if (!loggingLevel) throw badRequest(`Invalid logging level: ${level}`);
  const path = requireString(properties, 'ResourcePath').replace(/^\//, '');
  return [
    `${path}/${requireString(properties, 'HttpMethod')}`,
    {
      loggingLevel,
      metricsEnabled: readBoolean(properties, 'MetricsEnabled') ?? false,
      dataTraceEnabled: readBoolean(properties, 'DataTraceEnabled') ?? false,
      throttlingBurstLimit: readNumber(properties, 'ThrottlingBurstLimit'),
      throttlingRateLimit: readNumber(properties, 'ThrottlingRateLimit'),
    },
  ];
}
