import { type ErrorBody, SESSION_HEADER, STATUS_OF_CODE } from '../src/protocol.ts';
import { WireError } from './wire-error.ts';

/** Headers that a browser's script may read beside the simple ones. */
const EXPOSED_HEADERS = `${SESSION_HEADER}, Server-Timing, x-amzn-RequestId, Retry-After`;

export const EVENT_STREAM = 'text/event-stream';

/**
 * The way back to the client. Its rules come from how the Node.js runtime really behaves: the prelude (status and headers)
 * leaves with the first write and never with `end`, so every answer writes before it ends; the stream is never piped into and
 * never destroyed, since either kills the execution environment when something fails.
 */
export class ClientResponse {
  readonly requestId: string;
  readonly #raw: awslambda.ResponseStream;
  readonly #corsOrigin: string;
  #stream: awslambda.ResponseStream | undefined;
  #failure: Error | undefined;

  constructor(raw: awslambda.ResponseStream, requestId: string, corsOrigin: string) {
    this.#raw = raw;
    this.requestId = requestId;
    this.#corsOrigin = corsOrigin;
    raw.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  /** Whether status and headers have left. */
  get begun(): boolean {
    return this.#stream !== undefined;
  }

  /** Sends status and headers at once, before any body byte. */
  begin(statusCode: number, headers: Readonly<Record<string, string>>): void {
    this.#stream = awslambda.HttpResponseStream.from(this.#raw, {
      statusCode,
      headers: { ...this.#baseHeaders(), ...headers },
    });
    this.#stream.write('');
  }

  /**
   * Writes and waits until the runtime takes more, so that a slow client slows the agent and memory stays flat.
   * @throws the error of the response stream, when the runtime has reported one
   */
  async write(chunk: string | Uint8Array): Promise<void> {
    const stream = this.#stream ?? this.#raw;
    if (this.#failure) throw this.#failure;
    if (stream.write(chunk)) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        for (const event of ['drain', 'close'] as const) stream.off(event, settle);
        stream.off('error', settle);
        resolve();
      };
      for (const event of ['drain', 'close'] as const) stream.on(event, settle);
      stream.on('error', settle);
    });
    if (this.#failure) throw this.#failure;
  }

  /** Whether an unawaited write would pile up in memory. */
  get congested(): boolean {
    return this.#raw.writableNeedDrain;
  }

  end(): void {
    (this.#stream ?? this.#raw).end();
  }

  /** A whole JSON answer. */
  async sendJson(
    statusCode: number,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    this.begin(statusCode, { 'Content-Type': 'application/json', ...headers });
    await this.write(JSON.stringify(body));
    this.end();
  }

  /** A whole error answer, with the status of its code. */
  async sendError(error: unknown, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const body = this.errorBody(error);
    await this.sendJson(STATUS_OF_CODE[body.code], body, headers);
  }

  /** What the client is told of a failure. Of an unforeseen one it learns the request id; the log has the rest. */
  errorBody(error: unknown): ErrorBody {
    const { requestId } = this;
    if (error instanceof WireError) return { error: error.message, code: error.code, requestId };
    logFailure(requestId, error);
    return { error: 'the function failed', code: 'INTERNAL_ERROR', requestId };
  }

  #baseHeaders(): Record<string, string> {
    const headers: Record<string, string> = { 'Cache-Control': 'no-cache, no-transform' };
    if (this.#corsOrigin !== '') {
      headers['Access-Control-Allow-Origin'] = this.#corsOrigin;
      headers['Access-Control-Expose-Headers'] = EXPOSED_HEADERS;
      if (this.#corsOrigin !== '*') headers['Vary'] = 'Origin';
    }
    return headers;
  }
}

/** One JSON line without the prompt, the payload or the event. */
function logFailure(requestId: string, error: unknown): void {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${JSON.stringify({ level: 'error', requestId, name, message, stack })}\n`);
}
