import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type Invocation, type InvocationFailure, platformFailure, readUpTo, responseTooLarge } from './invocation.ts';
import { LAMBDA_LIMITS, type LambdaLimits } from './limits.ts';
import { parseObject } from '../kernel/properties.ts';

const BASE = '/2018-06-01/runtime';

/** Events of a Runtime API, for its execution environment. */
export interface RuntimeApiEvents {
  /** The runtime has sent the whole response, but not yet asked for more work. */
  onResponded(): void;
  /** The runtime waits for an event. */
  onIdle(): void;
  onInitError(failure: InvocationFailure): void;
  /** The response has reached the write after which a fault ends the process. */
  onCrash?(): void;
}

export type RuntimeApiLimits = Pick<LambdaLimits, 'bufferedResponseBytes' | 'streamedResponseBytes' | 'streamedResponseOverflow'>;

/** Lambda's side of the HTTP interface to one runtime process (`runtimes-api.html`): one invocation at a time. */
export class RuntimeApi {
  readonly #server: Server;
  readonly #events: RuntimeApiEvents;
  readonly #limits: RuntimeApiLimits;
  readonly #sockets = new Set<Socket>();
  #poll: ServerResponse | undefined;
  #current: Invocation | undefined;
  /** The connection of a response broke before its end. */
  #truncated = false;

  private constructor(events: RuntimeApiEvents, limits: RuntimeApiLimits) {
    this.#events = events;
    this.#limits = limits;
    // A poll or a stream may last for any time, and the connection stays open between two invocations.
    this.#server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('request', (request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** Listens on a free port of the loopback interface. */
  static async listen(events: RuntimeApiEvents, limits: Partial<RuntimeApiLimits>): Promise<RuntimeApi> {
    const api = new RuntimeApi(events, { ...LAMBDA_LIMITS, ...limits });
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  /** Value of `AWS_LAMBDA_RUNTIME_API`: host and port. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Passes an event to the runtime, which must be idle. */
  dispatch(invocation: Invocation, deadlineMs: number): void {
    this.#current = invocation;
    this.#truncated = false;
    const { requestId, functionArn, event, isTraced, joinHeadMs } = invocation.input;
    const root = `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
    this.#poll?.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': String(deadlineMs),
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=${isTraced ? 1 : 0}`,
      ...(joinHeadMs !== undefined && { 'agentstream-emulator-join-head-ms': String(joinHeadMs) }),
    });
    this.#poll?.end(event);
    this.#poll = undefined;
  }

  /** Resolves when everything that the exited runtime had sent has been read. */
  async drained(): Promise<void> {
    const open = [...this.#sockets].filter((socket) => !socket.closed);
    // Not `events.once`, which fails with the socket: a body that was broken off is an error of its parser.
    await Promise.all(open.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://runtime').pathname;
    const [, id, action] = new RegExp(`^${BASE}/invocation/([^/]+)/(response|error)$`).exec(path) ?? [];
    if (request.method === 'GET' && path === `${BASE}/invocation/next`) this.#next(response);
    else if (request.method === 'POST' && path === `${BASE}/init/error`) {
      this.#events.onInitError(await readErrorBody(request, 'crash'));
      answer(response, 202, { status: 'OK' });
    } else if (request.method !== 'POST' || id === undefined) {
      answer(response, 404, { errorType: 'NotFound', errorMessage: `no such path: ${path}` });
    } else {
      const invocation = this.#current;
      if (decodeURIComponent(id) !== invocation?.input.requestId) {
        request.resume();
        answer(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' });
      } else if (action === 'error') await this.#error(invocation, request, response);
      else if (request.headers['lambda-runtime-function-response-mode'] === 'streaming') {
        this.#stream(invocation, request, response);
      } else await this.#buffer(invocation, request, response);
    }
  }

  #next(response: ServerResponse): void {
    this.#poll = response;
    if (this.#truncated) this.#failTruncated();
    else if (!this.#current) this.#events.onIdle();
  }

  #stream(invocation: Invocation, request: IncomingMessage, response: ServerResponse): void {
    invocation.begin(request.headers['content-type'] ?? 'application/octet-stream');
    const { streamedResponseBytes: maxBytes, streamedResponseOverflow } = this.#limits;
    let tooLarge = false;
    invocation.payload.readFrom(request, maxBytes, () => {
      tooLarge = true;
      if (streamedResponseOverflow === 'truncate') invocation.succeed();
      else invocation.fail(responseTooLarge('mid-stream', maxBytes));
    });
    let writes = 0;
    request.on('data', () => {
      writes += 1;
      if (writes === invocation.input.crashAfterWrites) this.#events.onCrash?.();
    });
    request.on('end', () => {
      const failure = readErrorTrailers(request.trailers);
      if (failure) invocation.fail(failure);
      else invocation.succeed();
      if (tooLarge) this.#responded(response, 413, entityTooLarge(maxBytes));
      else this.#responded(response);
    });
    request.on('close', () => {
      if (request.complete) return;
      this.#truncated = true;
      if (this.#poll) this.#failTruncated();
    });
    request.on('error', () => request.destroy());
  }

  async #buffer(invocation: Invocation, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const maxBytes = this.#limits.bufferedResponseBytes;
    const body = await readUpTo(request as AsyncIterable<Buffer>, maxBytes);
    if (body) {
      invocation.begin(request.headers['content-type'] ?? 'application/json');
      invocation.payload.push(body);
      invocation.succeed();
      this.#responded(response);
      return;
    }
    invocation.fail(responseTooLarge('before-response', maxBytes));
    this.#responded(response, 413, entityTooLarge(maxBytes));
  }

  async #error(invocation: Invocation, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const failure = await readErrorBody(request, 'before-response');
    if (invocation.state === 'responding') {
      answer(response, 403, { errorType: 'InvalidStateTransition', errorMessage: 'the response has begun' });
      return;
    }
    invocation.fail(failure);
    this.#responded(response);
  }

  #responded(response: ServerResponse, status = 202, body: object = { status: 'OK' }): void {
    this.#current = undefined;
    answer(response, status, body);
    this.#events.onResponded();
    if (this.#poll) this.#events.onIdle();
  }

  /** The runtime has broken off its response and asks for the next event. */
  #failTruncated(): void {
    this.#current?.fail(platformFailure('mid-stream', 'Runtime.TruncatedResponse', 'the response was broken off'));
    this.#current = undefined;
    this.#truncated = false;
    this.#events.onIdle();
  }
}

function entityTooLarge(maxBytes: number): object {
  return { errorType: 'RequestEntityTooLarge', errorMessage: `Exceeded maximum allowed payload size (${maxBytes} bytes).` };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const ERROR_TYPE = 'lambda-runtime-function-error-type';
const ERROR_BODY = 'lambda-runtime-function-error-body';

/** The error that a runtime posts to `/error`: type in a header, `{errorType, errorMessage, stackTrace | trace}` as body. */
async function readErrorBody(request: IncomingMessage, when: InvocationFailure['when']): Promise<InvocationFailure> {
  const type = request.headers[ERROR_TYPE];
  return toFailure(typeof type === 'string' ? type : undefined, await text(request), when);
}

/** The error in the trailers of a streamed response, whose body is base64; undefined when there is none. */
function readErrorTrailers(trailers: NodeJS.Dict<string>): InvocationFailure | undefined {
  const type = trailers[ERROR_TYPE];
  if (type === undefined) return undefined;
  const body = Buffer.from(trailers[ERROR_BODY] ?? '', 'base64').toString('utf8');
  return toFailure(type, body, 'mid-stream');
}

function toFailure(type: string | undefined, body: string, when: InvocationFailure['when']): InvocationFailure {
  // A runtime may post any text; Lambda then takes the type from the header.
  const members = parseObject(body);
  const errorType = type ?? members?.['errorType'];
  const errorMessage = members?.['errorMessage'];
  const known = {
    errorType: typeof errorType === 'string' ? errorType : 'Runtime.Unknown',
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
  };
  return { ...known, when, details: JSON.stringify(members ?? known) };
}
