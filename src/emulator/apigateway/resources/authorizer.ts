import { AwsError } from '../../kernel/aws-error.ts';
import { generateShortId, oneOf, read } from '../../kernel/properties.ts';
import { type Properties, type ResourceProvider } from '../../kernel/resource-provider.ts';
import { apiOf, type ApiStore, badRequest, conflict, existingApi, find } from '../store.ts';
import type { Authorizer, RestApi } from '../rest-api.ts';
import { parseIdentitySource } from '../authorizers/identity-source.ts';
import { parseFunctionUri } from '../front-door/lambda-integration.ts';
import { AUTHORIZERS_PER_API, AUTHORIZER_TTL_SECONDS } from '../limits.ts';
import { pathActions } from './path-actions.ts';

const TYPES = ['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS'] as const;
const USER_POOL_ARN = /^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+_[0-9a-zA-Z]+$/;

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

/** Reads the properties that each type needs (API reference, CreateAuthorizer). */
function readAuthorizer(properties: Properties, id: string): Authorizer {
  const type = oneOf(read.required(properties, 'Type'), TYPES, (given) =>
    badRequest(`Invalid authorizer type specified: ${given}`),
  );
  const ttl = read.number(properties, 'AuthorizerResultTtlInSeconds');
  const { byDefault, maximum } = AUTHORIZER_TTL_SECONDS;
  if (ttl !== undefined && (!Number.isInteger(ttl) || ttl < 0 || ttl > maximum))
    throw badRequest('Authorizer result TTL must be between 0 and 3600 seconds');
  const identitySource = read.string(properties, 'IdentitySource');
  const uri = read.string(properties, 'AuthorizerUri');
  const providerARNs = read.strings(properties, 'ProviderARNs');
  const ttlSeconds = ttl ?? byDefault;
  if (type === 'COGNITO_USER_POOLS') {
    if (providerARNs.length === 0 || !providerARNs.every((arn) => USER_POOL_ARN.test(arn)))
      throw badRequest('Invalid user pool ARN specified for the authorizer');
  } else if (parseFunctionUri(uri ?? '')?.lambdaApi !== 'Invoke') {
    throw badRequest('Invalid Authorizer URI specified');
  }
  const needsSource = type !== 'REQUEST' || ttlSeconds > 0;
  const sources = identitySource === undefined ? [] : parseIdentitySource(identitySource);
  const headerOnly = type === 'REQUEST' || (sources?.length === 1 && sources[0]?.in === 'header');
  if (!sources || (needsSource && sources.length === 0) || !(headerOnly || sources.length === 0))
    throw badRequest('Invalid identity source specified for the authorizer');
  return {
    id,
    name: read.required(properties, 'Name'),
    type,
    authType: read.string(properties, 'AuthType'),
    authorizerUri: uri,
    authorizerCredentials: read.string(properties, 'AuthorizerCredentials'),
    identitySource,
    identityValidationExpression: read.string(properties, 'IdentityValidationExpression'),
    authorizerResultTtlInSeconds: ttlSeconds,
    providerARNs,
  };
}
