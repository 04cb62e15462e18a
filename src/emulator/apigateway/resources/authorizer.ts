import { AwsError } from '../../kernel/aws-error.ts';
import { generateShortId } from '../../kernel/properties.ts';
import { type ResourceProvider } from '../../kernel/resource-provider.ts';
import { apiOf, type ApiStore, existingApi, find } from '../store.ts';
import { badRequest, conflict } from '../errors.ts';
import { type Authorizer, readAuthorizer } from '../records/authorizer.ts';
import type { RestApi } from '../records/rest-api.ts';
import { AUTHORIZERS_PER_API } from '../limits.ts';
import { pathActions } from './path-actions.ts';

/** AWS::ApiGateway::Authorizer. It takes effect with the next Deployment, like the methods that name it. */
export function authorizerProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::Authorizer',
    createOnly: 'RestApiId',
    mutable:
      'Name Type AuthType AuthorizerUri AuthorizerCredentials AuthorizerResultTtlInSeconds IdentitySource IdentityValidationExpression ProviderARNs',
    required: 'RestApiId Name Type',
    actions: pathActions('AWS::ApiGateway::Authorizer', '/restapis/{RestApiId}/authorizers', '{id}', {
      when: { 'iam:PassRole': 'AuthorizerCredentials' },
    }),
    put(step) {
      const api = apiOf(store, step);
      const { id } = step.physicalId ? find.authorizer(api, step.physicalId) : { id: generateShortId(6) };
      if (!api.authorizers.has(id) && api.authorizers.size >= AUTHORIZERS_PER_API)
        throw new AwsError('LimitExceededException', 429, 'Maximum number of Authorizers reached');
      const authorizer = readAuthorizer(step.properties, id);
      if ([...api.authorizers.values()].some((each) => each.id !== id && each.name === authorizer.name))
        throw badRequest('Authorizer name must be unique. Authorizer with the name already exists');
      api.authorizers.set(id, authorizer);
      return { physicalId: id, attributes: { AuthorizerId: id } };
    },
    delete(step) {
      const api = existingApi(store, step);
      const authorizer = api?.authorizers.get(step.physicalId);
      if (!api || !authorizer) return;
      refuseWhileReferenced(api, authorizer);
      api.authorizers.delete(authorizer.id);
    },
  };
}

/** In the words of reports (hashicorp/terraform-provider-aws issue 14812). */
function refuseWhileReferenced(api: RestApi, { id, name }: Authorizer): void {
  for (const { path, methods } of api.resources.values()) {
    const method = [...methods.values()].find(({ authorizerId }) => authorizerId === id);
    if (!method) continue;
    throw conflict(`Cannot delete authorizer '${name}', is referenced in method: ${method.httpMethod}/${path}`);
  }
}
