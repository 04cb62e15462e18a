import { read } from '../../kernel/properties.ts';
import { type ResourceProvider } from '../../kernel/resource-provider.ts';
import { badRequest } from '../errors.ts';
import { makeDeployment } from '../records/rest-api.ts';
import { apiOf, type ApiStore, existingApi, find } from '../store.ts';
import { pathActions } from './path-actions.ts';

/** AWS::ApiGateway::Deployment: an immutable copy of the API as it is now. `StageName` belongs on the Stage. */
export function deploymentProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::Deployment',
    createOnly: 'RestApiId',
    mutable: 'Description',
    required: 'RestApiId',
    actions: pathActions('AWS::ApiGateway::Deployment', '/restapis/{RestApiId}/deployments', '{id}'),
    put(step) {
      const api = apiOf(store, step);
      const description = read.string(step.properties, 'Description');
      if (step.physicalId) {
        const deployment = find.deployment(api, step.physicalId);
        api.deployments.set(deployment.id, { ...deployment, description });
        return { physicalId: deployment.id, attributes: { DeploymentId: deployment.id } };
      }
      const methods = [...api.resources.values()].flatMap((resource) => [...resource.methods.values()]);
      if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
      if (methods.some((method) => !method.integration)) throw badRequest('No integration defined for method');
      // Developer guide, "Create and attach an API Gateway resource policy to an API": "you can't deploy your API without a
      // resource policy"; in the words of reports (hashicorp/terraform-provider-aws issue 14290).
      if (api.settings.endpointType === 'PRIVATE' && !api.settings.policy)
        throw badRequest("Private REST API doesn't have a resource policy attached to it");
      const deployment = makeDeployment(api, description);
      api.deployments.set(deployment.id, deployment);
      return { physicalId: deployment.id, attributes: { DeploymentId: deployment.id } };
    },
    delete(step) {
      const api = existingApi(store, step);
      const stages = [...(api?.stages.values() ?? [])];
      if (stages.some((stage) => stage.deploymentId === step.physicalId))
        throw badRequest('Active stages pointing to this deployment must be moved or deleted');
      api?.deployments.delete(step.physicalId);
    },
  };
}
