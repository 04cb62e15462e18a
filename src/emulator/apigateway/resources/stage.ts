import { read } from '../../kernel/properties.ts';
import { type ResourceProvider } from '../../kernel/resource-provider.ts';
import { apiOf, type ApiStore, existingApi, find } from '../store.ts';
import { badRequest, conflict } from '../errors.ts';
import { readStage } from '../records/stage.ts';
import { pathActions } from './path-actions.ts';

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
      const before = physicalId === undefined ? undefined : find.stage(api, physicalId);
      const { id: deploymentId } = find.deployment(api, read.required(properties, 'DeploymentId'));
      const stage = readStage(properties, deploymentId, before?.createdDate);
      const { stageName } = stage;
      if (!before && api.stages.has(stageName)) throw conflict('Stage already exists');
      const logs = [...stage.methodSettings.values()].some(({ loggingLevel }) => loggingLevel !== 'OFF');
      if ((logs || stage.accessLogSettings) && !store.cloudWatchRoleArn)
        throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
      api.stages.set(stageName, stage);
      return { physicalId: stageName, attributes: {} };
    },
    delete: (step) => void existingApi(store, step)?.stages.delete(step.physicalId),
  };
}
