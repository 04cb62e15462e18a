import { askEmulator, type AwsAccess } from '../aws/aws-access.ts';
import { findStack, type Stack } from '../aws/stack.ts';
import { IDLE_LIMIT_MS, scaleIdleLimit } from '../aws/limits.ts';
import type { OutputName } from '../aws/stack-values.ts';
import { hint, OperationError, UsageError } from '../cli/errors.ts';
import { type AuthScheme, type GivenCredentials, schemeForStack, schemeForUrl } from './credentials.ts';

/** A resolved endpoint. Plain data: threads get a copy. */
export interface Endpoint {
  /** Base URL of the stage, or of the custom domain and its base path, without a trailing slash. */
  readonly url: string;
  /** The stage's own URL, which works before DNS knows of a custom domain. */
  readonly stageUrl: string;
  /** Headers that every request carries, beside its own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly auth: AuthScheme;
  /** Longest silence of a stream, ms; undefined when only a URL is known. */
  readonly idleLimitMs: number | undefined;
  /** How AWS is reached; in the stack's Region. */
  readonly access: AwsAccess;
  /** The parts and settings of its stack; undefined when only a URL is known. */
  readonly stack?: {
    readonly name: string;
    readonly functionName: string;
    /** Names of the claims that the function asks of its callers. */
    readonly claims: readonly string[];
    readonly agentRuntimeArn: string;
    /** AgentCore endpoint for turns that name none. */
    readonly qualifier: string;
    /** Memory of the function, MB. */
    readonly memoryMb?: number;
    /** Rate limit of the stage and of the usage plan. */
    readonly turnsPerSecond?: number;
  };
}

/** How an endpoint is named, with the credentials that were given. */
export interface EndpointQuery extends GivenCredentials {
  readonly stackName: string;
  readonly url?: string | undefined;
}

/**
 * The endpoint of `--url`, or of the stack, which is looked up.
 * @throws {OperationError} STACK_NOT_FOUND, STACK_NOT_READY, or what AWS said
 * @throws {UsageError} INVALID_URL
 */
export async function resolveEndpoint(query: EndpointQuery, given: AwsAccess): Promise<Endpoint> {
  const access = await askEmulator(given);
  if (query.url === undefined) return endpointOf(await findStack(query.stackName, access), access);
  const url = baseUrl(query.url);
  return { url, stageUrl: url, auth: schemeForUrl(url, query), idleLimitMs: undefined, access };
}

/** The endpoint of a stack that has been looked up. @throws {OperationError} STACK_NOT_READY */
export function endpointOf(stack: Stack, access: AwsAccess): Endpoint {
  const { name, parameters, outputs, id } = stack;
  const idleLimitMs = IDLE_LIMIT_MS[outputs['EndpointType'] ?? ''];
  const region = access.region ?? id.split(':')[3];
  const memoryMb = Number(parameters['MemorySize']);
  const turnsPerSecond = Number(parameters['RateLimit']);
  return {
    ...urlsOf(stack, access),
    headers: headersOf(stack, access),
    auth: schemeForStack(stack),
    idleLimitMs: idleLimitMs && scaleIdleLimit(idleLimitMs, access.timeScale),
    access: { ...access, ...(region && { region }) },
    stack: {
      name,
      functionName: readOutput(stack, 'FunctionName'),
      claims: claimsOf(stack),
      agentRuntimeArn: readOutput(stack, 'AgentRuntimeArn'),
      qualifier: parameters['AgentQualifier'] ?? 'DEFAULT',
      ...(memoryMb > 0 && { memoryMb }),
      ...(turnsPerSecond > 0 && { turnsPerSecond }),
    },
  };
}

/** Normalises a base URL: people give it with a trailing slash, or with the path of a turn. @throws {UsageError} INVALID_URL */
export function baseUrl(given: string): string {
  const text = given.trim();
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text.replace(/\/(invoke)?\/?$/, '');
  throw new UsageError('INVALID_URL', `not an http(s) URL: ${text}`);
}

/**
 * The public host names of an emulator's APIs lead nowhere, so its front doors stand on the emulator's own address. `urlsOf` and
 * `headersOf` are the one place that knows this difference.
 * @returns the emulator's URL; undefined for AWS, and for a foreign AWS_ENDPOINT_URL
 */
function emulatorOf({ endpointUrl, isForeign }: AwsAccess): string | undefined {
  return isForeign ? undefined : endpointUrl;
}

function urlsOf(stack: Stack, access: AwsAccess): Pick<Endpoint, 'url' | 'stageUrl'> {
  const { DomainName: domain, ApiUrl } = stack.outputs;
  const place = `${readOutput(stack, 'ApiId')}/${readOutput(stack, 'StageName')}`;
  const url = readOutput(stack, 'Url');
  const emulator = emulatorOf(access);
  // Older stacks have one URL only.
  const stageUrl = emulator ? `${emulator}/_aws/execute-api/${place}` : (ApiUrl ?? url);
  if (!domain) return { url: stageUrl, stageUrl };
  return { url: emulator ? `${emulator}/_aws/domain/${domain}${new URL(url).pathname}`.replace(/\/$/, '') : url, stageUrl };
}

/** A private API is reached from its own network: on an emulator, by the name of the VPC endpoint that a request came by. */
function headersOf({ outputs, parameters }: Stack, access: AwsAccess): Endpoint['headers'] {
  const [vpcEndpointId] = (parameters['VpcEndpointIds'] ?? '').split(',');
  const isPrivate = outputs['EndpointType'] === 'PRIVATE';
  return emulatorOf(access) && isPrivate && vpcEndpointId ? { 'x-emulator-vpce': vpcEndpointId.trim() } : undefined;
}

/** A function that identifies its caller asks for these claims; below API Gateway nobody has verified any. */
function claimsOf({ parameters }: Stack): readonly string[] {
  const { UserIdFrom: from = '', SessionScope: scope } = parameters;
  if (from === '' && scope !== 'caller') return [];
  return ['sub', ...(from.startsWith('claim:') ? [from.slice('claim:'.length)] : [])];
}

/** An output that every deployed stack of ours has. */
function readOutput(stack: Stack, name: OutputName): string {
  const value = stack.outputs[name];
  if (value) return value;
  throw new OperationError('STACK_NOT_READY', `the stack ${stack.name} has no endpoint (${stack.status})`, {
    hint: hint`deploy it first: ${['agentstream', 'deploy']}`,
  });
}
