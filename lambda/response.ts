import { type ErrorBody, STATUS_OF_CODE } from '../src/protocol.ts';
import { WireError } from './wire-error.ts';

export const EVENT_STREAM = 'text/event-stream';

/**
 * The way back to the client. Its rules come from how the Node.js runtime really behaves: the prelude (status and headers)
 * leaves with the first write and never with `end`, so every answer writes before it ends; the stream is never piped into and
 * never destroyed, since either kills the execution environment when something fails.
 */
export class ClientResponse {
  readonly requestId: string;
  readonly #raw: awslambda.ResponseStream;
  readonly #baseHeaders: Readonly<Record<string, string>>;
  #stream: awslambda.ResponseStream | undefined;
  #failure: Error | undefined;
  /** Wakes whoever waits for the runtime to take more. */
  #wake: (() => void) | undefined;
  #listens = false;
  /** Told when the runtime reports that nothing can be written any more. It need not ever: AWS does not say that a client has gone. */
  onFailure: ((error: Error) => void) | undefined;

  /** @param headers of every answer */
  constructor(
    raw: awslambda.ResponseStream,
    requestId: string,
    headers: Readonly<Record<string, string>>,
  ) {
    this.#raw = raw;
    this.requestId = requestId;
    this.#baseHeaders = { 'Cache-Control': 'no-cache, no-transform', ...headers };
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
    this.#stream = awslambda.HttpResponseStream.from(this.#raw, {
      statusCode,
      headers: { ...this.#baseHeaders, ...headers },
    });
    this.#stream.write('');
  }

  /**
   * Writes at once.
   * @returns false when the client is behind: whoever can wait, waits for `drained`
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
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure) throw this.#failure;
  }

  /** Whether an unawaited write would pile up in memory. */
  get congested(): boolean {
    return this.#failure !== undefined || this.#raw.writableNeedDrain;
  }

  end(): void {
    this.#raw.end();
  }

  /** A whole JSON answer. */
  sendJson(
    statusCode: number,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    this.begin(statusCode, { 'Content-Type': 'application/json', ...headers });
    this.send(JSON.stringify(body));
    this.end();
  }

  /** A whole error answer, with the status of its code. */
  sendError(error: unknown, headers: Readonly<Record<string, string>> = {}): void {
    const body = this.errorBody(error);
    this.sendJson(STATUS_OF_CODE[body.code], body, headers);
  }

  /** What the client is told of a failure. Of an unforeseen one it learns the request id; the log has the rest. */
  errorBody(error: unknown): ErrorBody {
    const { requestId } = this;
    if (error instanceof WireError) return { error: error.message, code: error.code, requestId };
    logFailure(requestId, error);
    return { error: 'the function failed', code: 'INTERNAL_ERROR', requestId };
  }
}

/** One JSON line without the prompt, the payload or the event. */
function logFailure(requestId: string, error: unknown): void {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${JSON.stringify({ level: 'error', requestId, name, message, stack })}\n`);
}
