import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, clientConfig, toOperationError } from '../aws/aws-access.ts';
import type { EndpointAuth } from './authorize.ts';
import { authForStack, authForUrl, type Proofs } from './endpoint-auth.ts';
import { OperationError, UsageError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';
import { IDLE_LIMIT_MS, scaleIdleLimit } from '../aws/limits.ts';
import { describeStack, type Stack } from '../aws/describe-stack.ts';
import type { OutputName } from '../aws/stack-values.ts';

/** What a client needs to call the deployed API. */
export interface Endpoint {
  /** Base URL of the stage, or of the custom domain and its base path, without a trailing slash. */
  readonly url: string;
  readonly auth: EndpointAuth;
  /** Undefined when only a URL is known. */
  readonly idleLimitMs: number | undefined;
  /** What every request carries on the way to it. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Which endpoint is meant, and what its caller can show. */
export interface EndpointQuery extends Proofs {
  readonly stackName: string;
  readonly url?: string | undefined;
}

/**
 * The endpoint of `--url`, or of the stack.
 * @throws {OperationError} STACK_NOT_FOUND, STACK_NOT_READY, or what AWS said
 * @throws {UsageError} INVALID_URL; MISSING_TOKEN when the stack lets callers in by a token, and there is none
 */
export async function resolveEndpoint(query: EndpointQuery, access: AwsAccess): Promise<Endpoint> {
  if (query.url !== undefined) {
    const url = baseUrl(query.url);
    return { url, auth: await authForUrl(url, query, access), idleLimitMs: undefined };
  }
  return endpointOf(await findStack(query.stackName, access), query, access);
}

/**
 * The endpoint of a stack that has been looked up.
 * @throws {OperationError} STACK_NOT_READY, or what AWS said
 * @throws {UsageError} MISSING_TOKEN
 */
export async function endpointOf(
  stack: Stack,
  proofs: Proofs,
  access: AwsAccess,
): Promise<Endpoint> {
  try {
    return {
      url: endpointUrl(stack, access),
      auth: await authForStack(stack, proofs, access),
      idleLimitMs: idleLimitOf(stack, access),
      headers: endpointHeaders(stack, access),
    };
  } catch (error) {
    throw toOperationError(error, access);
  }
}

/**
 * A base URL as people have it: with a slash, or the path of a turn behind it.
 * @throws {UsageError} INVALID_URL
 */
export function baseUrl(text: string): string {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) {
    return text.replace(/\/(invoke)?\/?$/, '');
  }
  throw new UsageError('INVALID_URL', `not an http(s) URL: ${text}`);
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
 * The URL of the custom domain, or else of the stage. Where AWS is an emulator the public host name leads nowhere, so the front door
 * stands on the emulator's own address: this, `stageUrl` and `endpointHeaders` are the one place that knows the difference.
 */
export function endpointUrl(stack: Stack, access: AwsAccess): string {
  const { DomainName: domainName } = stack.outputs;
  if (!domainName) return stageUrl(stack, access);
  const url = readOutput(stack, 'Url');
  if (!access.endpointUrl) return url;
  const { pathname } = new URL(url);
  return `${access.endpointUrl}/_aws/domain/${domainName}${pathname}`.replace(/\/$/, '');
}

/** The stage's own URL, which works before DNS knows of a custom domain. */
export function stageUrl(stack: Stack, { endpointUrl: emulator }: AwsAccess): string {
  const apiId = readOutput(stack, 'ApiId');
  const stageName = readOutput(stack, 'StageName');
  // Older stacks have one URL only.
  const url = readOutput(stack, stack.outputs['ApiUrl'] ? 'ApiUrl' : 'Url');
  return emulator ? `${emulator}/_aws/execute-api/${apiId}/${stageName}` : url;
}

/** A private API is reached from a network of its own: on an emulator by the name of the VPC endpoint that a request came by. */
export function endpointHeaders(
  { outputs, parameters }: Stack,
  { endpointUrl: emulator }: AwsAccess,
): Endpoint['headers'] {
  const [vpcEndpointId] = (parameters['VpcEndpointIds'] ?? '').split(',');
  const isPrivate = outputs['EndpointType'] === 'PRIVATE';
  return emulator && isPrivate && vpcEndpointId
    ? { 'x-emulator-vpce': vpcEndpointId.trim() }
    : undefined;
}

/**
 * An output that every stack of ours has once it is deployed.
 * @throws {OperationError} STACK_NOT_READY
 */
export function readOutput(stack: Stack, name: OutputName): string {
  const value = stack.outputs[name];
  if (value) return value;
  throw new OperationError(
    'STACK_NOT_READY',
    `the stack ${stack.name} has no endpoint (${stack.status})`,
    { hint: hint`deploy it first: ${['agentstream', 'deploy']}` },
  );
}

/** The error for a stack that is not there; says where it was looked for. */
export async function stackNotFound(
  name: string,
  client: CloudFormationClient,
): Promise<OperationError> {
  const region = await client.config.region();
  return new OperationError('STACK_NOT_FOUND', `there is no stack ${name} in ${region}`, {
    hint: hint`check --stack-name and --region, or deploy it: ${['agentstream', 'deploy', '--agent-arn', 'ARN']}`,
  });
}

/** Longest silence of the stack's streams, ms; an emulator whose time is scaled reaches it sooner. */
export function idleLimitOf({ outputs }: Stack, { timeScale }: AwsAccess): number | undefined {
  const limitMs = IDLE_LIMIT_MS[outputs['EndpointType'] ?? ''];
  return limitMs === undefined ? undefined : scaleIdleLimit(limitMs, timeScale);
}
