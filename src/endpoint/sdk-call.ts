import type { PartSink } from './exchange.ts';

/** What came of the request before anybody read its body. */
export interface CallHead {
  /** `performance.now()` when the headers had come. */
  readonly at: number;
  readonly status: number;
  /** Names in lower case, as the SDK's handler gives them. */
  readonly headers: Readonly<Record<string, string>>;
}

interface RawResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Stamps one call of an SDK client: `middleware` belongs next to the wire (step `deserialize`, priority `low`), where the request is
 * signed already and the answer not yet looked at. `sent` goes to the sink by itself.
 */
export function stampSdkCall(sink: PartSink): {
  readonly head: () => CallHead | undefined;
  readonly middleware: <A, O extends { response: unknown }>(
    next: (args: A) => Promise<O>,
  ) => (args: A) => Promise<O>;
} {
  let head: CallHead | undefined;
  return {
    head: () => head,
    middleware: (next) => async (args) => {
      sink.push({ type: 'sent', at: performance.now() });
      const output = await next(args);
      const { statusCode: status, headers } = output.response as RawResponse;
      head = { at: performance.now(), status, headers };
      return output;
    },
  };
}
