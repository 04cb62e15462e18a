import aws4 from 'aws4';
import * as http from 'node:http';
import * as https from 'node:https';
import { CODE_OF_AGENT_STATUS, type WireErrorCode } from '../src/protocol.ts';
import type { Config } from './config.ts';
import type { AgentRequest } from './request.ts';
import { WireError } from './wire-error.ts';

const SESSION_ID_HEADER = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id';

/** Idle sockets older than this are dropped: while the environment was frozen the service may have closed them. */
const MAX_SOCKET_IDLE_MS = 10_000;

/** An error body is a short JSON document; more of it is not read. */
const MAX_ERROR_BYTES = 16_384;

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * The two AgentCore calls, signed by hand: the SDK's bundle is ten times what fits into a template.
 * Source of names and codes: API model of bedrock-agentcore 2024-02-28.
 */
export class AgentRuntime {
  readonly #config: Config;
  readonly #client: typeof http | typeof https;
  readonly #agent: http.Agent;
  #lastUsed = 0;

  constructor(config: Config) {
    this.#config = config;
    this.#client = config.endpoint.protocol === 'http:' ? http : https;
    this.#agent = new this.#client.Agent({ keepAlive: true });
  }

  /**
   * InvokeAgentRuntime. Resolves with the response once its headers are there and are a success.
   * @throws {WireError} with the status of the failure mapped, and nothing of the service's own text that names resources
   */
  async invoke(request: AgentRequest, signal: AbortSignal): Promise<http.IncomingMessage> {
    const qualifier = request.qualifier ?? this.#config.qualifier;
    const response = await this.#send(
      {
        method: 'POST',
        path: `${this.#runtimePath()}/invocations?qualifier=${encodeURIComponent(qualifier)}`,
        headers: {
          'Content-Type': request.contentType,
          Accept: request.accept,
          [SESSION_ID_HEADER]: request.sessionId,
        },
        body: request.payload,
      },
      signal,
    );
    if (isSuccess(response)) return response;
    throw await failureOf(response);
  }

  /**
   * StopRuntimeSession: ends the session's running streams at once.
   * @throws {WireError} SESSION_NOT_FOUND when it is gone already, else as `invoke`
   */
  async stopSession(sessionId: string): Promise<void> {
    const response = await this.#send({
      method: 'POST',
      path: `${this.#runtimePath()}/stopruntimesession?qualifier=${encodeURIComponent(this.#config.qualifier)}`,
      headers: { 'Content-Type': 'application/json', [SESSION_ID_HEADER]: sessionId },
      body: '{}',
    });
    if (!isSuccess(response)) {
      const failure = await failureOf(response);
      if (failure.code === 'AGENT_NOT_FOUND')
        throw new WireError('SESSION_NOT_FOUND', 'there is no such session; it may have ended');
      throw failure;
    }
    response.resume();
  }

  #runtimePath(): string {
    return `/runtimes/${encodeURIComponent(this.#config.agentRuntimeArn)}`;
  }

  #send(call: Call, signal?: AbortSignal): Promise<http.IncomingMessage> {
    this.#dropStaleSockets();
    const { endpoint, region } = this.#config;
    const signed = signCall(call, endpoint, region, process.env);
    return new Promise((resolve, reject) => {
      const request = this.#client.request(
        endpoint,
        {
          method: call.method,
          path: call.path,
          headers: signed,
          agent: this.#agent,
          ...(signal && { signal }),
        },
        resolve,
      );
      request.on('error', (error: NodeJS.ErrnoException) => {
        reject(
          signal?.aborted
            ? error
            : new WireError(
                'AGENT_UNAVAILABLE',
                `the agent service could not be reached (${error.code ?? 'error'})`,
              ),
        );
      });
      request.end(call.body);
    });
  }

  #dropStaleSockets(): void {
    const now = Date.now();
    if (now - this.#lastUsed > MAX_SOCKET_IDLE_MS) {
      for (const sockets of Object.values(this.#agent.freeSockets)) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    }
    this.#lastUsed = now;
  }
}

/**
 * Headers of a call with its SigV4 signature. Credentials are read at each call: Lambda may rotate them.
 * The ARN stands percent-encoded in the path and is encoded once more in the canonical request, as every service but S3 wants.
 */
export function signCall(
  call: Call,
  endpoint: URL,
  region: string,
  env: NodeJS.ProcessEnv,
): http.OutgoingHttpHeaders {
  const sessionToken = env['AWS_SESSION_TOKEN'];
  return (
    aws4.sign(
      {
        service: 'bedrock-agentcore',
        region,
        host: endpoint.host,
        method: call.method,
        path: call.path,
        headers: { ...call.headers },
        body: call.body,
      },
      {
        accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
        secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
        ...(sessionToken && { sessionToken }),
      },
    ).headers ?? {}
  );
}

function isSuccess(response: http.IncomingMessage): boolean {
  return (
    response.statusCode !== undefined && response.statusCode >= 200 && response.statusCode < 300
  );
}

/** What the client is told. The service's own text may hold ARNs: it stays here. */
const SENTENCES: Partial<Record<WireErrorCode, string>> = {
  AGENT_REJECTED: 'the agent runtime rejected the request as invalid',
  AGENT_UNAUTHORIZED: 'the agent runtime wants a bearer token; this endpoint signs with IAM',
  QUOTA_EXCEEDED: 'the account has too many active agent sessions',
  AGENT_ACCESS_DENIED: 'the endpoint is not allowed to call the agent runtime',
  AGENT_NOT_FOUND: 'there is no such agent runtime or endpoint',
  SESSION_CONFLICT: 'the session is being started or stopped; try again shortly',
  PAYLOAD_TOO_LARGE: 'the request is larger than the agent runtime takes',
  AGENT_ERROR: 'the agent failed to handle the request',
  THROTTLED: 'the agent runtime is throttling; try again shortly',
  AGENT_TIMEOUT: 'the agent did not answer in time',
};

/** `Received error (500) from runtime`: the agent's own status is the one thing worth passing on. */
const AGENT_STATUS_PATTERN = /Received error \((\d{3})\)/;

async function failureOf(response: http.IncomingMessage): Promise<WireError> {
  let text = '';
  try {
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > MAX_ERROR_BYTES) break;
    }
  } catch {
    // The status alone has to do.
  }
  const status = response.statusCode ?? 0;
  const code = CODE_OF_AGENT_STATUS[status] ?? 'AGENT_UNAVAILABLE';
  const message = SENTENCES[code] ?? `the agent runtime failed (${status})`;
  const agentStatus = status === 424 ? AGENT_STATUS_PATTERN.exec(text)?.[1] : undefined;
  return new WireError(code, agentStatus ? `${message} (it answered ${agentStatus})` : message);
}
