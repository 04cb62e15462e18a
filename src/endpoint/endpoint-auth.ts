import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { type AwsAccess, clientConfig } from '../aws/aws-access.ts';
import type { EndpointAuth } from './authorize.ts';
import { createTokenSource } from './token-source.ts';
import { UsageError } from '../cli/errors.ts';
import { readApiKey } from '../aws/api-key.ts';
import type { Stack } from '../aws/describe-stack.ts';

/** What a caller can show of himself. Plain data: the threads of a bench get it, too. */
export interface Proofs {
  readonly apiKey?: string | undefined;
  readonly token?: string | undefined;
  /** Shell command that prints a token. */
  readonly tokenCommand?: string | undefined;
  /** Sign for a URL, of which nothing is known. */
  readonly sigv4?: boolean;
}

/** What is asked of callers in each mode of `deploy --auth`. */
const KIND_OF_MODE: Readonly<Record<string, EndpointAuth['type']>> = {
  'api-key': 'api-key',
  iam: 'iam',
  cognito: 'bearer',
  lambda: 'bearer',
};

/** Header that a REQUEST authorizer looks into, as `IdentitySource` names it. */
const HEADER_SOURCE = /^method\.request\.header\.([\w-]+)$/;

/** For a bare URL: what was given. */
export async function authForUrl(
  url: string,
  proofs: Proofs,
  access: AwsAccess,
): Promise<EndpointAuth> {
  const { apiKey, sigv4 } = proofs;
  if (sigv4) return signing(access, regionOf(url));
  if (hasToken(proofs)) return bearer(proofs, undefined);
  return apiKey ? { type: 'api-key', key: apiKey } : { type: 'none' };
}

/**
 * For a stack: what its mode wants. The key of mode `api-key` is the stack's own unless one was given.
 * @throws {UsageError} MISSING_TOKEN
 */
export async function authForStack(
  stack: Stack,
  proofs: Proofs,
  access: AwsAccess,
): Promise<EndpointAuth> {
  const { AuthMode: mode = 'none', ApiKeyId: keyId } = stack.outputs;
  const kind = KIND_OF_MODE[mode] ?? 'none';
  if (kind === 'iam') return signing(access);
  if (kind === 'bearer') {
    if (!hasToken(proofs)) throw missingToken(stack.name, mode);
    return bearer(proofs, tokenHeaderOf(stack));
  }
  if (kind === 'none' || !(proofs.apiKey || keyId)) return { type: 'none' };
  if (proofs.apiKey) return { type: 'api-key', key: proofs.apiKey };
  const client = new APIGatewayClient(clientConfig(access));
  try {
    return { type: 'api-key', key: await readApiKey(client, keyId ?? '') };
  } finally {
    client.destroy();
  }
}

/** Header that the stack's authorizer function looks into; undefined when it looks elsewhere, or into several, or there is none. */
export function tokenHeaderOf({ parameters }: Stack): string | undefined {
  // The source is kept when the mode changes; a user pool's token is always in Authorization.
  if (parameters['AuthMode'] !== 'lambda') return undefined;
  return HEADER_SOURCE.exec(parameters['IdentitySource'] ?? '')?.[1];
}

function hasToken({ token, tokenCommand }: Proofs): boolean {
  return (token ?? tokenCommand) !== undefined;
}

function bearer({ token, tokenCommand }: Proofs, header: string | undefined): EndpointAuth {
  const source = createTokenSource({ token, command: tokenCommand });
  return { type: 'bearer', header, token: source };
}

/** @param region of the API; that of the credentials' configuration unless the URL tells another */
async function signing(access: AwsAccess, region?: string): Promise<EndpointAuth> {
  const client = new APIGatewayClient(clientConfig({ ...access, ...(region && { region }) }));
  try {
    const { config } = client;
    return {
      type: 'iam',
      region: await config.region(),
      credentials: () => config.credentials(),
    };
  } finally {
    client.destroy();
  }
}

/** `{api}.execute-api.{region}.amazonaws.com`; a custom domain does not tell. */
function regionOf(url: string): string | undefined {
  return /\.execute-api\.([a-z0-9-]+)\.amazonaws\./.exec(new URL(url).hostname)?.[1];
}

function missingToken(stackName: string, mode: string): UsageError {
  const gate = mode === 'cognito' ? 'a user pool' : 'a Lambda authorizer';
  return new UsageError(
    'MISSING_TOKEN',
    `the stack ${stackName} lets callers in by ${gate}, and there is no token`,
    { hint: 'give one by --token-command CMD, AGENTSTREAM_TOKEN or --token' },
  );
}
