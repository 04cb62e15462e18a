import type { Config } from './config.ts';
import { type ErrorBody, STATUS_OF_CODE, type WireErrorCode } from '../src/protocol.ts';

export const EVENT_STREAM = 'text/event-stream';

/**
 * The response to the client. Its rules come from how the Node.js runtime really behaves: the prelude (status and headers)
 * leaves with the first write and never with `end`, so every answer writes before it ends; the stream is never piped into and
 * never destroyed, since either kills the execution environment when something fails.
 */
export class ClientResponse {
  readonly requestId: string;
  /** The turn's session, for the log. */
  sessionId: string | undefined;
  readonly #startedAt = performance.now();
  readonly #raw: awslambda.ResponseStream;
  readonly #baseHeaders: Readonly<Record<string, string>>;
  #stream: awslambda.ResponseStream | undefined;
  #failure: Error | undefined;
  /** Resolves the pending `drained`. */
  #wake: (() => void) | undefined;
  #listens = false;
  /** Told when the runtime reports that nothing can be written any more. It need not ever: AWS does not say that a client has gone. */
  onFailure: ((error: Error) => void) | undefined;

  /** @param headers of every answer */
  constructor(raw: awslambda.ResponseStream, requestId: string, headers: Readonly<Record<string, string>>) {
    this.#raw = raw;
    this.requestId = requestId;
    this.#baseHeaders = { 'Cache-Control': 'no-cache, no-transform', 'X-Content-Type-Options': 'nosniff', ...headers };
    raw.on('error', (error) => {
      if (this.#failure) return;
      this.#failure = error;
      this.#wake?.();
      this.onFailure?.(error);
    });
  }

  /** Whether status and headers have left. */
  get begun(): boolean {
    return this.#stream !== undefined;
  }

  /** Whether the runtime has reported that nothing can be written any more. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Sends status and headers at once, before any body byte. */
  begin(statusCode: number, headers: Readonly<Record<string, string>>): void {
    this.#stream = awslambda.HttpResponseStream.from(this.#raw, { statusCode, headers: { ...this.#baseHeaders, ...headers } });
    this.#stream.write('');
  }

  /**
   * Writes at once.
   * @returns false when the client is behind: await `drained` before the next write
   * @throws the error of the response stream, when the runtime has reported one
   */
  send(chunk: string | Uint8Array): boolean {
    if (this.#failure) throw this.#failure;
    return this.#raw.write(chunk);
  }

  /** Resolves when the runtime takes more; rejects with the failure that it has reported. For one who waits at a time. */
  async drained(): Promise<void> {
    if (!this.#listens) {
      this.#listens = true;
      for (const event of ['drain', 'close'] as const) this.#raw.on(event, () => this.#wake?.());
    }
    if (!this.#failure) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#failure) throw this.#failure;
  }

  /** Whether nothing should be written unasked: it would pile up in memory, or the response has ended. */
  get congested(): boolean {
    return this.#failure !== undefined || this.#raw.writableNeedDrain || this.#raw.writableEnded;
  }

  end(): void {
    this.#raw.end();
  }

  /** A whole JSON answer. */
  sendJson(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    this.begin(statusCode, { 'Content-Type': 'application/json', ...headers });
    this.send(JSON.stringify(body));
    this.end();
  }

  /** A whole error answer, with the status of its code. */
  sendError(error: unknown, headers: Readonly<Record<string, string>> = {}): void {
    const body = this.errorBody(error);
    this.sendJson(STATUS_OF_CODE[body.code], body, headers);
  }

  /**
   * The body that describes a failure, which the log gets as one JSON line, without prompt, payload and names of resources. An unforeseen
   * one shows only the request id; the log has the rest.
   */
  errorBody(error: unknown): ErrorBody {
    const { requestId, sessionId } = this;
    const { code, upstream, message } =
      error instanceof WireError ? error : new WireError('INTERNAL_ERROR', 'the function failed', { stack: stackOf(error) });
    const durationMs = Math.round(performance.now() - this.#startedAt);
    const line = { level: 'error', requestId, sessionId, code, message, durationMs, ...upstream };
    process.stderr.write(`${JSON.stringify(line)}\n`);
    return { error: message, code, requestId };
  }
}

function stackOf(error: unknown): string {
  return (error instanceof Error && error.stack) || String(error);
}

/** A failure that the client is told about: `message` is the sentence it reads, so it holds nothing of the account's. */
export class WireError extends Error {
  readonly code: WireErrorCode;
  /** For the log alone: AgentCore's status and request id, or the stack of an unforeseen failure. */
  readonly upstream: object | undefined;

  constructor(code: WireErrorCode, message: string, upstream?: object) {
    super(message);
    this.code = code;
    this.upstream = upstream;
  }
}

/** Headers that a browser's script may read beside the simple ones. */
const EXPOSED_HEADERS = 'X-Session-Id, Server-Timing, x-amzn-RequestId, Retry-After';

/**
 * CORS headers of an answer (Fetch standard, "CORS protocol"). A single allowed origin is always named. From several, the request's own
 * is named when it is exactly one of them, never reflected unchecked, and `Vary` tells caches that the answer depends on it.
 * @param origin of the request; undefined when it has none
 */
export function corsHeaders(
  { corsOrigins, corsCredentials }: Pick<Config, 'corsOrigins' | 'corsCredentials'>,
  origin: string | undefined,
): Record<string, string> {
  if (corsOrigins.length === 0) return {};
  const allowed = corsOrigins.find((one) => corsOrigins.length === 1 || one === origin);
  return {
    ...(corsOrigins[0] !== '*' && { Vary: 'Origin' }),
    ...(allowed && {
      'Access-Control-Allow-Origin': allowed,
      'Access-Control-Expose-Headers': EXPOSED_HEADERS,
      ...(corsCredentials && allowed !== '*' && { 'Access-Control-Allow-Credentials': 'true' }),
    }),
  };
}
