import { Agent as HttpAgent, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { urlToHttpOptions } from 'node:url';
import { CODE_OF_AGENT_STATUS, type WireErrorCode } from '../src/protocol.ts';
import type { Config } from './config.ts';
import type { AgentRequest } from './request.ts';
import { type Call, createSigner, type SignCall } from './sign-call.ts';
import { WireError } from './response.ts';

const SESSION_ID_HEADER = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id';

/** With it the call needs the action InvokeAgentRuntimeForUser, too (API reference, "InvokeAgentRuntime"). */
const USER_ID_HEADER = 'X-Amzn-Bedrock-AgentCore-Runtime-User-Id';

/** Idle sockets older than this are dropped: while the environment was frozen the service may have closed them. */
const MAX_SOCKET_IDLE_MS = 10_000;

/** An error body is a short JSON document; more of it is not read. */
const MAX_ERROR_BYTES = 16_384;

/**
 * The one error that the service asks to be tried again (API model, retryable trait): the session is being started or torn down,
 * so the agent has not run. Every other failure may have come after the agent had begun to work, and is not repeated.
 */
const RETRYABLE_ERROR = 'RetryableConflictException';

/** Pauses between the tries, 6.3 s in all: within the first heartbeat, so that the real status can still be told. */
const RETRY_DELAYS_MS = [100, 200, 400, 800, 1_600, 3_200] as const;

/**
 * The two AgentCore calls, without the SDK: its bundle is ten times what fits into a template.
 * Source of names and codes: API model of bedrock-agentcore 2024-02-28.
 */
export class AgentRuntime {
  readonly #config: Config;
  readonly #retryDelaysMs: readonly number[];
  readonly #request: typeof httpRequest;
  readonly #agent: HttpAgent;
  readonly #target: RequestOptions;
  readonly #sign: SignCall;
  readonly #runtimePath: string;
  #lastUsed = 0;

  constructor(config: Config, retryDelaysMs: readonly number[] = RETRY_DELAYS_MS) {
    this.#config = config;
    this.#retryDelaysMs = retryDelaysMs;
    const isPlain = config.endpoint.protocol === 'http:';
    this.#request = isPlain ? httpRequest : httpsRequest;
    this.#agent = new (isPlain ? HttpAgent : HttpsAgent)({ keepAlive: true });
    this.#target = { ...urlToHttpOptions(config.endpoint), agent: this.#agent };
    this.#sign = createSigner(config.endpoint.host, config.region);
    this.#runtimePath = `/runtimes/${encodeURIComponent(config.agentRuntimeArn)}`;
  }

  /**
   * InvokeAgentRuntime. Resolves with the response once its headers are there and are a success.
   * @throws {WireError} with the status of the failure mapped, and nothing of the service's own text that names resources
   */
  async invoke(request: AgentRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const qualifier = request.qualifier ?? this.#config.qualifier;
    return await this.#call(
      {
        method: 'POST',
        path: `${this.#runtimePath}/invocations?qualifier=${encodeURIComponent(qualifier)}`,
        headers: {
          'Content-Type': request.contentType,
          Accept: request.accept,
          [SESSION_ID_HEADER]: request.sessionId,
          ...(request.userId !== undefined && { [USER_ID_HEADER]: request.userId }),
        },
        body: request.payload,
      },
      signal,
    );
  }

  /**
   * StopRuntimeSession: ends the session's running streams at once.
   * @param qualifier that its turns were sent with: a session is one of its endpoint
   * @throws {WireError} SESSION_NOT_FOUND when it is gone already, else as `invoke`
   */
  async stopSession(sessionId: string, qualifier: string = this.#config.qualifier): Promise<void> {
    const call = {
      method: 'POST',
      path: `${this.#runtimePath}/stopruntimesession?qualifier=${encodeURIComponent(qualifier)}`,
      headers: { 'Content-Type': 'application/json', [SESSION_ID_HEADER]: sessionId },
      body: '{}',
    };
    try {
      (await this.#call(call)).resume();
    } catch (error) {
      if (!(error instanceof WireError) || error.code !== 'AGENT_NOT_FOUND') throw error;
      throw new WireError('SESSION_NOT_FOUND', 'there is no such session; it may have ended');
    }
  }

  async #call(call: Call, signal?: AbortSignal): Promise<IncomingMessage> {
    const pausesMs = [...this.#retryDelaysMs];
    for (;;) {
      const response = await this.#send(call, signal);
      if (isSuccess(response)) return response;
      const failure = await failureOf(response);
      const pauseMs = isRetryable(response) ? pausesMs.shift() : undefined;
      if (pauseMs === undefined) throw failure;
      await sleep(pauseMs, undefined, signal && { signal });
    }
  }

  #send(call: Call, signal?: AbortSignal): Promise<IncomingMessage> {
    this.#dropStaleSockets();
    const headers = this.#sign(call, process.env);
    return new Promise((resolve, reject) => {
      const request = this.#request({ ...this.#target, method: call.method, path: call.path, headers }, resolve);
      request.on('error', (error: NodeJS.ErrnoException) => {
        reject(
          signal?.aborted
            ? error
            : new WireError('AGENT_UNAVAILABLE', `the agent service could not be reached (${error.code ?? 'error'})`),
        );
      });
      // The option `signal` of a request does the same, at some cost.
      signal?.addEventListener('abort', () => request.destroy(), { once: true });
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

function isSuccess(response: IncomingMessage): boolean {
  return response.statusCode !== undefined && response.statusCode >= 200 && response.statusCode < 300;
}

/** `x-amzn-ErrorType` names the error; a colon and a URI may follow (AWS restJson1 protocol, "Operation error serialization"). */
function isRetryable(response: IncomingMessage): boolean {
  const type = response.headers['x-amzn-errortype'];
  return typeof type === 'string' && type.split(':')[0] === RETRYABLE_ERROR;
}

/** Sentences for the client. The service's own text may hold ARNs, so it is never passed on. */
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

async function failureOf(response: IncomingMessage): Promise<WireError> {
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
  return new WireError(code, agentStatus ? `${message} (it answered ${agentStatus})` : message, {
    upstreamStatus: status,
    awsRequestId: response.headers['x-amzn-requestid'],
  });
}
