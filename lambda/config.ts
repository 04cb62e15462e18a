import type { FlushMode } from '../src/protocol.ts';
import { readFlushMode } from './flush-mode.ts';

/** How this function is set, from the environment that the template gives it. */
export interface Config {
  readonly agentRuntimeArn: string;
  /** The agent's Region, which need not be the function's. */
  readonly region: string;
  /** Where InvokeAgentRuntime is called. */
  readonly endpoint: URL;
  /** AgentCore endpoint name when the request names none. */
  readonly qualifier: string;
  /** Origins whose scripts may read answers, `*` alone for any; none means no CORS headers. */
  readonly corsOrigins: readonly string[];
  /** Whether a browser may send what it knows of the person (cookies, HTTP authentication). */
  readonly corsCredentials: boolean;
  /** Where the agent's user id comes from: `sub`, `principal` or `claim:NAME`; empty for nowhere. */
  readonly userIdFrom: string;
  /** `caller`: a session id means something only together with who sends it. */
  readonly sessionScope: string;
  /** Silence after which a keep-alive comment goes out; 0 turns them off. */
  readonly heartbeatMs: number;
  readonly flush: FlushMode;
}

/** `AWS_ENDPOINT_URL*` are the SDKs' own variables for an endpoint other than the public one (a VPC endpoint, an emulator). */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const agentRuntimeArn = env['AGENT_RUNTIME_ARN'] ?? '';
  const [, partition, , region = ''] = agentRuntimeArn.split(':');
  const dnsSuffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    agentRuntimeArn,
    region,
    endpoint: new URL(
      env['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE'] ??
        env['AWS_ENDPOINT_URL'] ??
        `https://bedrock-agentcore.${region}.${dnsSuffix}`,
    ),
    qualifier: env['AGENT_QUALIFIER'] ?? 'DEFAULT',
    corsOrigins: (env['CORS_ORIGINS'] ?? '').split(',').filter((origin) => origin !== ''),
    corsCredentials: env['CORS_CREDENTIALS'] === 'on',
    userIdFrom: env['USER_ID_FROM'] ?? '',
    sessionScope: env['SESSION_SCOPE'] ?? 'any',
    heartbeatMs: Number(env['HEARTBEAT_MS'] ?? 15_000),
    flush: readFlushMode(env['FLUSH_MODE']) ?? 'auto',
  };
}
