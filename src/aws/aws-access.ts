import { hint, UsageError } from '../cli/errors.ts';
import { headerValue } from '../cli/given-values.ts';
import type { StackFlags } from '../cli/options.ts';
import { type DevCredentials, readDevCredentials } from './dev-credentials.ts';
import type { ProxiedOptions } from './proxied-request.ts';
import { DEV_DEFAULT_PORT, DEV_REGION } from './dev-address.ts';
import { proxiedHandler, type ProxySettings, readProxies } from './proxy.ts';

/** With `--local` where no `dev` of this user has left its key: what listens there, if anything does, refuses it. */
const NO_DEV_CREDENTIALS: DevCredentials = { accessKeyId: 'unknown', secretAccessKey: 'unknown' };

/** How AWS is reached. What is undefined is left to the SDK's own chain (profile, environment, SSO, roles). */
export interface AwsAccess {
  readonly region?: string;
  /** Set when AWS is not the public one: `AWS_ENDPOINT_URL`, or `--local`. */
  readonly endpointUrl?: string;
  readonly profile?: string;
  /** An emulator of this machine: `--local`. */
  readonly isLocal?: true;
  /** Something else than our emulator answers there: a VPC endpoint, or an emulator of somebody else. `askEmulator` finds out. */
  readonly isForeign?: true;
  /** The emulator divides its idle limits and timeouts by this factor: `askEmulator`, or AGENTSTREAM_TIME_SCALE with `endpointUrl`. */
  readonly timeScale?: number;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string; accountId?: string };
  /** Proxies between here and AWS; an emulator of `--local` is reached without. */
  readonly proxies?: ProxySettings;
}

/**
 * Reads flags, then the environment. `local` is a running `dev` on its default port; AGENTSTREAM_LOCAL may hold another URL.
 * @throws {UsageError} INVALID_URL when AGENTSTREAM_LOCAL or AWS_ENDPOINT_URL is not an http(s) URL; INVALID_TIME_SCALE;
 *   INVALID_VALUE for keys of the environment that cannot be in a header
 */
export function resolveAwsAccess(flags: Pick<StackFlags, 'region' | 'profile' | 'local'>, env: NodeJS.ProcessEnv): AwsAccess {
  const local = readLocal(env['AGENTSTREAM_LOCAL']) ?? flags.local;
  const region = flags.region || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  if (local) {
    const endpointUrl = checkUrl(local === true ? `http://127.0.0.1:${DEV_DEFAULT_PORT}` : local);
    return {
      region: region ?? DEV_REGION,
      endpointUrl,
      isLocal: true,
      credentials: readDevCredentials(endpointUrl, env) ?? readKeys(env) ?? NO_DEV_CREDENTIALS,
      ...readTimeScale(env),
    };
  }
  const profile = flags.profile || env['AWS_PROFILE'];
  const { AWS_ENDPOINT_URL: endpointUrl } = env;
  // A named profile wins over keys in the environment, as in the SDK.
  const credentials = profile ? undefined : readKeys(env);
  const proxies = readProxies(env);
  return {
    ...(region && { region }),
    ...(profile && { profile }),
    ...(endpointUrl && { endpointUrl: checkUrl(endpointUrl), ...readTimeScale(env) }),
    ...(credentials && { credentials }),
    ...(proxies && { proxies }),
  };
}

/**
 * Asks what answers at `endpointUrl`. Our emulator tells its time scale, which with `--local` counts more than that of the environment:
 * limits that people are told have to be those that cut their streams. Anything else is foreign: its APIs have their public names.
 * Where nothing answers, that is left to the call that needs it.
 */
export async function askEmulator(access: AwsAccess): Promise<AwsAccess> {
  if (access.endpointUrl === undefined) return access;
  try {
    const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
    const response = await fetch(`${access.endpointUrl}/_aws/emulator`, { signal });
    const answer = (await response.json().catch(() => undefined)) as { readonly timeScale?: unknown } | undefined;
    const timeScale = answer?.timeScale;
    if (typeof timeScale !== 'number' || timeScale < 1) return { ...access, isForeign: true };
    return access.isLocal ? { ...access, timeScale } : { timeScale, ...access };
  } catch {
    return access;
  }
}

const ASK_TIMEOUT_MS = 5_000;

/** The keys of the environment; undefined unless both are set, as in the SDK. */
function readKeys(env: NodeJS.ProcessEnv): AwsAccess['credentials'] {
  const read = (name: string): string | undefined => env[name] && headerValue(name, env[name]);
  const accessKeyId = read('AWS_ACCESS_KEY_ID');
  const secretAccessKey = read('AWS_SECRET_ACCESS_KEY');
  const sessionToken = read('AWS_SESSION_TOKEN');
  const accountId = env['AWS_ACCOUNT_ID'];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), ...(accountId && { accountId }) };
}

/** Constructor options that every SDK client gets. @param options of requests through a proxy */
export function clientConfig(access: AwsAccess, options: ProxiedOptions = {}) {
  const { endpointUrl, timeScale: _, isForeign: __, isLocal: ___, proxies, ...rest } = access;
  return {
    ...rest,
    ...(endpointUrl && { endpoint: endpointUrl }),
    ...(proxies && { requestHandler: proxiedHandler(proxies, options) }),
    logger: CREDENTIAL_TRAIL,
  };
}

/** SDK clients for one piece of work, which are closed after it. @param kinds classes of the clients, in the order of `work` */
export async function withClients<Clients extends readonly { destroy(): void }[], Result>(
  access: AwsAccess,
  kinds: { readonly [Index in keyof Clients]: new (config: ReturnType<typeof clientConfig>) => Clients[Index] },
  work: (...clients: Clients) => Promise<Result>,
): Promise<Result> {
  const clients = kinds.map((Kind) => new Kind(clientConfig(access))) as unknown as Clients;
  try {
    return await work(...clients);
  } finally {
    for (const client of clients) client.destroy();
  }
}

function readLocal(value: string | undefined): string | true | undefined {
  if (value === undefined || value === '' || value === '0' || value === 'false') return undefined;
  return value === '1' || value === 'true' ? true : value;
}

/** Only emulators have a time scale: AWS's own limits are fixed. */
function readTimeScale(env: NodeJS.ProcessEnv): { timeScale?: number } {
  const text = env['AGENTSTREAM_TIME_SCALE'];
  if (text === undefined || text === '') return {};
  const timeScale = Number(text);
  if (Number.isFinite(timeScale) && timeScale >= 1) return { timeScale };
  throw new UsageError('INVALID_TIME_SCALE', `not a scale of time: AGENTSTREAM_TIME_SCALE=${text}`, {
    hint: hint`give what \`${['agentstream', 'dev', '--time-scale']}\` was given, at least 1, or unset it`,
  });
}

function checkUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return value.replace(/\/$/, '');
  throw new UsageError('INVALID_URL', `not an http(s) URL: ${value}`);
}

const trail: string[] = [];

const CHAIN_BEGINS = /defaultProvider::fromEnv|skipping fromEnv provider/;

/** `logger` of an SDK client: keeps the trail, and prints nothing. */
const CREDENTIAL_TRAIL = {
  debug(text: unknown): void {
    if (typeof text !== 'string') return;
    if (CHAIN_BEGINS.test(text)) trail.length = 0;
    trail.push(text);
  },
  trace: (): void => undefined,
  info: (): void => undefined,
  // Otherwise the SDK prints to the console that a profile and keys of the environment are both set.
  warn: (): void => undefined,
  error: (): void => undefined,
};

/**
 * The log of the last credential chain of this process. The chain's error says only that it found none: the missing profile and the output
 * of a credential process stand here alone. Chains run one at a time, so the last one is the one that failed.
 */
export function credentialTrail(): readonly string[] {
  return trail;
}
