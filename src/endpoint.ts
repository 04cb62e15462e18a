import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, clientConfig, toOperationError } from './aws-access.ts';
import type { EndpointAuth } from './client/api-gateway.ts';
import { OperationError, UsageError } from './errors.ts';
import { IDLE_LIMIT_MS, scaleIdleLimit } from './limits.ts';
import { readApiKey } from './stack/api-key.ts';
import { describeStack, type Stack } from './stack/describe-stack.ts';

/** What a client needs to call the deployed API. */
export interface Endpoint {
  /** Base URL of the stage, without a trailing slash. */
  readonly url: string;
  readonly auth: EndpointAuth;
  /** Undefined when only a URL is known. */
  readonly idleLimitMs: number | undefined;
}

export interface EndpointQuery {
  readonly stackName: string;
  readonly url?: string | undefined;
  readonly apiKey?: string | undefined;
}

/**
 * The endpoint of `--url`, or of the stack.
 * @throws {OperationError} STACK_NOT_FOUND, STACK_NOT_READY, or what AWS said
 * @throws {UsageError} INVALID_URL
 */
export async function resolveEndpoint(query: EndpointQuery, access: AwsAccess): Promise<Endpoint> {
  if (query.url !== undefined) {
    if (!/^https?:$/.test(URL.canParse(query.url) ? new URL(query.url).protocol : '')) {
      throw new UsageError('INVALID_URL', `not an http(s) URL: ${query.url}`);
    }
    return {
      url: query.url.replace(/\/(invoke)?\/?$/, ''),
      auth: query.apiKey ? { type: 'api-key', key: query.apiKey } : { type: 'none' },
      idleLimitMs: undefined,
    };
  }
  const stack = await findStack(query.stackName, access);
  try {
    return {
      url: endpointUrl(stack, access),
      auth: await readAuth(stack, query.apiKey, access),
      idleLimitMs: idleLimitOf(stack, access),
    };
  } catch (error) {
    throw toOperationError(error, access);
  }
}

/**
 * The stack of this name, as CloudFormation describes it now.
 * @throws {OperationError} STACK_NOT_FOUND, or what AWS said
 */
export async function findStack(stackName: string, access: AwsAccess): Promise<Stack> {
  const client = new CloudFormationClient(clientConfig(access));
  try {
    const stack = await describeStack(client, stackName);
    if (!stack) throw await stackNotFound(stackName, client);
    return stack;
  } catch (error) {
    throw toOperationError(error, access);
  } finally {
    client.destroy();
  }
}

/**
 * The stage's URL. Where AWS is an emulator the public host name leads nowhere, so the front door stands on the emulator's
 * own address: the one place that knows the difference.
 */
export function endpointUrl(stack: Stack, access: AwsAccess): string {
  const apiId = readOutput(stack, 'ApiId');
  const stageName = readOutput(stack, 'StageName');
  const url = readOutput(stack, 'Url');
  return access.endpointUrl ? `${access.endpointUrl}/_aws/execute-api/${apiId}/${stageName}` : url;
}

/**
 * An output that every stack of ours has once it is deployed.
 * @throws {OperationError} STACK_NOT_READY
 */
export function readOutput(stack: Stack, name: string): string {
  const value = stack.outputs[name];
  if (value) return value;
  throw new OperationError(
    'STACK_NOT_READY',
    `the stack ${stack.name} has no endpoint (${stack.status})`,
    { hint: 'deploy it first: agentstream deploy' },
  );
}

/** The error for a stack that is not there; says where it was looked for. */
export async function stackNotFound(
  name: string,
  client: CloudFormationClient,
): Promise<OperationError> {
  const region = await client.config.region();
  return new OperationError('STACK_NOT_FOUND', `there is no stack ${name} in ${region}`, {
    hint: 'check --stack-name and --region, or deploy it: agentstream deploy --agent-arn ARN',
  });
}

function idleLimitOf({ outputs }: Stack, { timeScale }: AwsAccess): number | undefined {
  const limitMs = IDLE_LIMIT_MS[outputs['EndpointType'] ?? ''];
  return limitMs === undefined ? undefined : scaleIdleLimit(limitMs, timeScale);
}

async function readAuth(
  stack: Stack,
  apiKey: string | undefined,
  access: AwsAccess,
): Promise<EndpointAuth> {
  const { AuthMode: mode, ApiKeyId: keyId } = stack.outputs;
  if (mode !== 'iam' && (mode !== 'api-key' || !keyId)) return { type: 'none' };
  if (mode === 'api-key' && apiKey) return { type: 'api-key', key: apiKey };
  const client = new APIGatewayClient(clientConfig(access));
  try {
    if (mode === 'api-key') return { type: 'api-key', key: await readApiKey(client, keyId ?? '') };
    const { region, credentials } = client.config;
    return { type: 'iam', region: await region(), credentials: () => credentials() };
  } finally {
    client.destroy();
  }
}
