import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, clientConfig, toOperationError } from './aws-access.ts';
import type { EndpointAuth } from './client/api-gateway.ts';
import { OperationError, UsageError } from './errors.ts';
import { IDLE_LIMIT_MS } from './limits.ts';
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
  const cloudFormation = new CloudFormationClient(clientConfig(access));
  try {
    const stack = await describeStack(cloudFormation, query.stackName);
    if (!stack) throw await stackNotFound(query.stackName, cloudFormation);
    return {
      url: endpointUrl(stack, access),
      auth: await readAuth(stack, query.apiKey, access, cloudFormation),
      idleLimitMs: IDLE_LIMIT_MS[stack.outputs['EndpointType'] ?? ''],
    };
  } catch (error) {
    throw toOperationError(error, access);
  } finally {
    cloudFormation.destroy();
  }
}

/**
 * The stage's URL. Where AWS is an emulator the public host name leads nowhere, so the front door stands on the emulator's
 * own address: the one place that knows the difference.
 */
export function endpointUrl(stack: Stack, access: AwsAccess): string {
  const { Url: url, ApiId: apiId, StageName: stageName } = stack.outputs;
  if (!url || !apiId || !stageName) {
    throw new OperationError(
      'STACK_NOT_READY',
      `the stack ${stack.name} has no endpoint (${stack.status})`,
      {
        hint: 'deploy it first: agentstream deploy',
      },
    );
  }
  return access.endpointUrl ? `${access.endpointUrl}/_aws/execute-api/${apiId}/${stageName}` : url;
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

async function readAuth(
  stack: Stack,
  apiKey: string | undefined,
  access: AwsAccess,
  cloudFormation: CloudFormationClient,
): Promise<EndpointAuth> {
  const { AuthMode: mode, ApiKeyId: keyId } = stack.outputs;
  if (mode === 'iam') {
    return {
      type: 'iam',
      region: await cloudFormation.config.region(),
      credentials: () => cloudFormation.config.credentials(),
    };
  }
  if (mode !== 'api-key' || !keyId) return { type: 'none' };
  if (apiKey) return { type: 'api-key', key: apiKey };
  const client = new APIGatewayClient(clientConfig(access));
  try {
    return { type: 'api-key', key: await readApiKey(client, keyId) };
  } finally {
    client.destroy();
  }
}
