import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { type AwsAccess, withClients } from '../aws/aws-access.ts';
import { toOperationError } from '../aws/aws-errors.ts';
import type { Stack } from '../aws/stack.ts';
import { UsageError } from '../cli/errors.ts';
import { type Credentials, openSigning } from './authorize.ts';
import { createTokenSource } from './token-source.ts';

/** Credentials that were given by flags or the environment. */
export interface GivenCredentials {
  readonly apiKey?: string | undefined;
  readonly token?: string | undefined;
  /** Shell command that prints a token. */
  readonly tokenCommand?: string | undefined;
  /** Sign requests to a URL, whose authorization is not known. */
  readonly sigv4?: boolean;
}

/** How the endpoint authorizes its callers. Plain data. */
export type AuthScheme =
  | { readonly type: 'none' }
  /** `keyId`: the stack's own key. */
  | { readonly type: 'api-key'; readonly keyId?: string | undefined }
  /** `region` of the API; undefined when only the configuration of the caller tells. */
  | { readonly type: 'iam'; readonly region: string | undefined }
  | { readonly type: 'bearer'; readonly mode?: string; readonly header?: string | undefined };

/** The part of an endpoint that decides about credentials. */
interface GuardedEndpoint {
  readonly auth: AuthScheme;
  readonly access: AwsAccess;
  /** Undefined when only a URL is known. */
  readonly stack?: { readonly name: string };
}

/** The scheme of a bare URL, as the given credentials imply it. */
export function schemeForUrl(url: string, given: GivenCredentials): AuthScheme {
  // `{api}.execute-api.{region}.amazonaws.com`; a custom domain does not tell.
  if (given.sigv4) return { type: 'iam', region: /\.execute-api\.([a-z0-9-]+)\.amazonaws\./.exec(new URL(url).hostname)?.[1] };
  if (hasToken(given)) return { type: 'bearer' };
  return { type: given.apiKey ? 'api-key' : 'none' };
}

/** The scheme of a stack, from its mode (`deploy --auth`). */
export function schemeForStack({ outputs, parameters, id }: Stack): AuthScheme {
  switch (outputs['AuthMode']) {
    case 'api-key':
      return { type: 'api-key', keyId: outputs['ApiKeyId'] };
    case 'iam':
      return { type: 'iam', region: id.split(':')[3] };
    case 'cognito':
    case 'lambda':
      return { type: 'bearer', mode: outputs['AuthMode'], header: tokenHeaderOf(parameters) };
    default:
      return { type: 'none' };
  }
}

/** Header that a REQUEST authorizer looks into, as `IdentitySource` names it. */
const HEADER_SOURCE = /^method\.request\.header\.([\w-]+)$/;

/** Header that the authorizer function looks into; undefined when it looks elsewhere or into several, or when there is none. */
function tokenHeaderOf(parameters: Stack['parameters']): string | undefined {
  // The source is kept when the mode changes; a user pool's token is always in Authorization.
  if (parameters['AuthMode'] !== 'lambda') return undefined;
  return HEADER_SOURCE.exec(parameters['IdentitySource'] ?? '')?.[1];
}

/**
 * The credentials that the endpoint asks for: those that were given, else the stack's own key, or the AWS credentials of this machine.
 * @throws {UsageError} MISSING_TOKEN
 * @throws {OperationError} what AWS said when the key could not be read
 */
export async function readCredentials({ auth, access, stack }: GuardedEndpoint, given: GivenCredentials): Promise<Credentials> {
  const { apiKey, token, tokenCommand: command } = given;
  if (auth.type === 'bearer') {
    if (!hasToken(given)) throw missingToken(stack?.name, auth.mode);
    return { type: 'bearer', header: auth.header, token: createTokenSource({ token, command }) };
  }
  if (auth.type === 'api-key' && apiKey) return { type: 'api-key', key: apiKey };
  try {
    if (auth.type === 'iam') {
      const { region } = auth;
      return { type: 'iam', ...(await openSigning({ ...access, ...(region && { region }) })) };
    }
    if (auth.type === 'none' || !auth.keyId) return { type: 'none' };
    const { keyId } = auth;
    const { APIGatewayClient } = await import('@aws-sdk/client-api-gateway');
    return { type: 'api-key', key: await withClients(access, [APIGatewayClient], (client) => readApiKey(client, keyId)) };
  } catch (error) {
    throw toOperationError(error, access);
  }
}

function hasToken({ token, tokenCommand }: GivenCredentials): boolean {
  return (token ?? tokenCommand) !== undefined;
}

function missingToken(stackName = '', mode = ''): UsageError {
  const gate = mode === 'cognito' ? 'a user pool' : 'a Lambda authorizer';
  return new UsageError('MISSING_TOKEN', `the stack ${stackName} lets callers in by ${gate}, and there is no token`, {
    hint: 'give one by --token-command CMD, AGENTSTREAM_TOKEN or --token',
  });
}

/** The value of an API key that the stack made. */
export async function readApiKey(client: APIGatewayClient, keyId: string): Promise<string> {
  const { GetApiKeyCommand } = await import('@aws-sdk/client-api-gateway');
  const { value } = await client.send(new GetApiKeyCommand({ apiKey: keyId, includeValue: true }));
  return value ?? '';
}
