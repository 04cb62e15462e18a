import { oneOf, read } from '../../kernel/properties.ts';
import type { Properties } from '../../kernel/resource-provider.ts';
import { badRequest } from '../errors.ts';
import { AUTHORIZER_TTL_SECONDS } from '../limits.ts';
import { parseFunctionUri } from './method.ts';

const TYPES = ['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS'] as const;
const USER_POOL_ARN = /^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+_[0-9a-zA-Z]+$/;

/** The authorizer of methods of the type CUSTOM (TOKEN, REQUEST) or COGNITO_USER_POOLS. */
export type Authorizer = ReturnType<typeof readAuthorizer>;

/** Reads the properties that each type needs (API reference, CreateAuthorizer). @throws {AwsError} BadRequestException */
export function readAuthorizer(properties: Properties, id: string) {
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
    /** Invocation URI of the function of a TOKEN or REQUEST authorizer. */
    authorizerUri: uri,
    /** Role that the function is called with; without one, the function's resource policy has to allow API Gateway. */
    authorizerCredentials: read.string(properties, 'AuthorizerCredentials'),
    /** Mapping expressions such as `method.request.header.Authorization`, separated by commas. */
    identitySource,
    /** A regular expression that the token (TOKEN) or its `aud` (COGNITO_USER_POOLS) has to match. */
    identityValidationExpression: read.string(properties, 'IdentityValidationExpression'),
    /** How long an output of the function is cached for the same identity, s; 0 turns the cache off. */
    authorizerResultTtlInSeconds: ttlSeconds,
    /** User pools of COGNITO_USER_POOLS. */
    providerARNs,
  };
}

/** One part of a request that an authorizer reads the caller's identity from. */
export type IdentitySource = { readonly in: 'header' | 'querystring' | 'stageVariables' | 'context'; readonly name: string };

const EXPRESSION = /^(?:method\.request\.(header|querystring)|(stageVariables|context))\.([A-Za-z0-9._$-]+)$/;

/** Reads an `identitySource`, expressions separated by commas (API reference, CreateAuthorizer). @returns undefined if malformed */
export function parseIdentitySource(text: string): readonly IdentitySource[] | undefined {
  const sources = text.split(',').map((expression): IdentitySource => {
    const [, request, other, name = ''] = EXPRESSION.exec(expression.trim()) ?? [];
    return { in: (request ?? other) as IdentitySource['in'], name };
  });
  return sources.every(({ name }) => name !== '') ? sources : undefined;
}
