import type { Fault } from '../../faults/fault.ts';

/** What API Gateway needs of Lambda: to run a function and read its answer as it is made. */
export interface FunctionInvoker {
  /** @throws {AwsError} when Lambda refuses the call: no such function, no permission, throttled, event too large */
  invoke(request: {
    readonly functionArn: string;
    readonly payload: Buffer;
    readonly mode: 'streaming' | 'buffered';
    /** Who calls, for the function's resource policy. */
    readonly source?: { readonly principal: string; readonly sourceArn: string };
    /** Faults that the request asked for, in place of all others. */
    readonly faults?: readonly Fault[];
  }): Promise<FunctionResponse>;
}

export interface FunctionResponse {
  readonly requestId: string;
  readonly contentType: string;
  /** The function's bytes, chunk by chunk, as it writes them. */
  readonly payload: AsyncIterable<Buffer>;
  /** How the function ended; settles when or after the payload has ended. */
  readonly completion: Promise<
    | { readonly type: 'ok' }
    | { readonly type: 'error'; readonly errorType: string; readonly errorMessage: string }
  >;
}
