import { DEFAULT_HEARTBEAT_MS, type FlushMode, MAX_FLUSH_PADDING_BYTES } from '../src/protocol.ts';

/** How this function is set, from the environment that the template gives it. */
export type Config = ReturnType<typeof readConfig>;

/** `AWS_ENDPOINT_URL*` are the SDKs' own variables for an endpoint other than the public one (a VPC endpoint, an emulator). */
export function readConfig(env: NodeJS.ProcessEnv) {
  const agentRuntimeArn = env['AGENT_RUNTIME_ARN'] ?? '';
  const [, partition, , region = ''] = agentRuntimeArn.split(':');
  const dnsSuffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    agentRuntimeArn,
    /** The agent's Region, which need not be the function's. */
    region,
    /** Where InvokeAgentRuntime is called. */
    endpoint: new URL(
      env['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE'] ?? env['AWS_ENDPOINT_URL'] ?? `https://bedrock-agentcore.${region}.${dnsSuffix}`,
    ),
    /** AgentCore endpoint name when the request names none. */
    qualifier: env['AGENT_QUALIFIER'] ?? 'DEFAULT',
    /** Origins whose scripts may read answers, `*` alone for any; none means no CORS headers. */
    corsOrigins: (env['CORS_ORIGINS'] ?? '').split(',').filter((origin) => origin !== '') as readonly string[],
    /** Whether a browser may send what it knows of the person (cookies, HTTP authentication). */
    corsCredentials: env['CORS_CREDENTIALS'] === 'on',
    /** Where the agent's user id comes from: `sub`, `principal` or `claim:NAME`; empty for nowhere. */
    userIdFrom: env['USER_ID_FROM'] ?? '',
    /** `caller`: a session id means something only together with who sends it. */
    sessionScope: env['SESSION_SCOPE'] ?? 'any',
    /** Silence after which a keep-alive comment goes out; 0 turns them off. */
    heartbeatMs: Number(env['HEARTBEAT_MS'] ?? DEFAULT_HEARTBEAT_MS),
    flush: readFlushMode(env['FLUSH_MODE']) ?? 'auto',
  };
}

/**
 * Reads a flush mode as the template's parameter (text) or a probe's body (text or number) has it.
 * @returns undefined for what is none, and for nothing
 */
export function readFlushMode(value: unknown): FlushMode | undefined {
  if (value === 'auto' || value === 'off' || value === 'pause') return value;
  const bytes = typeof value === 'string' ? Number(value) : value;
  const fits = Number.isInteger(bytes) && Number(bytes) >= 1;
  return fits && Number(bytes) <= MAX_FLUSH_PADDING_BYTES ? Number(bytes) : undefined;
}
