import type { Fault } from '../faults/fault.ts';
import { ResponsePayload } from './response-payload.ts';

/** Why an invocation failed, as the function or Lambda itself reports it. */
export interface InvocationFailure {
  /** `Error`, `Runtime.ExitError`, `Sandbox.Timedout`, ... */
  readonly errorType: string;
  readonly errorMessage: string;
  /**
   * `before-response`: the function reported it before it had sent anything; `mid-stream`: in the trailers of its response;
   * `timeout` and `crash`: the execution environment is gone, before or after the first byte.
   */
  readonly when: 'before-response' | 'mid-stream' | 'timeout' | 'crash';
  /** The error object as JSON: the payload of a failed `Invoke`, the `ErrorDetails` of a failed stream. */
  readonly details: string;
}

export type InvocationCompletion =
  | { readonly type: 'ok' }
  | ({ readonly type: 'error' } & InvocationFailure);

/** A failure of Lambda's own making. */
export function platformFailure(
  when: InvocationFailure['when'],
  errorType: string,
  errorMessage: string,
): InvocationFailure {
  return { errorType, errorMessage, when, details: JSON.stringify({ errorType, errorMessage }) };
}

/** One run of a function, from its event to the end of its response. The first outcome counts, later ones are ignored. */
export class Invocation {
  readonly requestId: string;
  readonly functionArn: string;
  readonly event: Buffer;
  readonly mode: 'streaming' | 'buffered';
  /** Those that the request asked for, for what the function calls. */
  readonly faults: readonly Fault[] | undefined;
  /** The function's process is to die after that many writes. */
  readonly crashAfterWrites: number | undefined;
  /** Whether the function traces: X-Ray would sample some of its invocations, here it is all of them. */
  readonly isTraced: boolean;
  readonly payload = new ResponsePayload();
  /** The response's content type, as soon as there is one, or once the invocation has failed without. */
  readonly begun: Promise<string>;
  readonly completion: Promise<InvocationCompletion>;
  #begin!: (contentType: string) => void;
  #settle!: (completion: InvocationCompletion) => void;
  #state: 'waiting' | 'responding' | 'settled' = 'waiting';

  constructor(
    input: Pick<Invocation, 'requestId' | 'functionArn' | 'event' | 'mode'> &
      Partial<Pick<Invocation, 'faults' | 'crashAfterWrites' | 'isTraced'>>,
  ) {
    this.requestId = input.requestId;
    this.functionArn = input.functionArn;
    this.event = input.event;
    this.mode = input.mode;
    this.faults = input.faults;
    this.crashAfterWrites = input.crashAfterWrites;
    this.isTraced = input.isTraced ?? false;
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.completion = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get state(): 'waiting' | 'responding' | 'settled' {
    return this.#state;
  }

  begin(contentType: string): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'responding';
    this.#begin(contentType);
  }

  succeed(): void {
    this.#finish({ type: 'ok' });
  }

  fail(failure: InvocationFailure): void {
    this.#finish({ type: 'error', ...failure });
  }

  #finish(completion: InvocationCompletion): void {
    if (this.#state === 'settled') return;
    this.#state = 'settled';
    this.#begin('application/json');
    this.payload.end();
    this.#settle(completion);
  }
}
