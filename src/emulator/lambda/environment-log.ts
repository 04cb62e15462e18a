import type { FunctionDefinition } from './function-definition.ts';

/** The log stream of one execution environment. */
export interface EnvironmentLog {
  /** What the function itself wrote. */
  line(text: string): void;
  start(requestId: string): void;
  /** @param initMs of an invocation that waited for the start of the environment */
  end(invocation: {
    readonly requestId: string;
    readonly durationMs: number;
    readonly initMs: number | undefined;
    /** In Lambda's words, of one that Lambda has ended. */
    readonly failure: string | undefined;
  }): void;
}

/**
 * Writes what Lambda writes around each invocation, in its text format (`monitoring-cloudwatchlogs-view.html`). How much memory was
 * used is left out: nobody measures it. A function that logs in JSON gets its own lines only.
 * Lambda's own messages wait until what the function wrote before them has been read from its pipes.
 * @param put one message, which ends with its line end, as Lambda's do
 */
export function createEnvironmentLog(
  { logging, memoryMb }: FunctionDefinition,
  put: (message: string) => void,
): EnvironmentLog {
  const platform = (message: string): void => {
    if (logging.logFormat !== 'JSON') setImmediate(() => put(`${message}\n`));
  };
  return {
    line: (text) => put(`${text}\n`),
    start: (requestId) => platform(`START RequestId: ${requestId} Version: $LATEST`),
    end({ requestId, durationMs, initMs, failure }) {
      if (failure !== undefined) platform(`${new Date().toISOString()} ${failure}`);
      platform(`END RequestId: ${requestId}`);
      // The time of the start is billed as well (Lambda's pricing page, "INIT billing").
      const billedMs = Math.ceil(durationMs + (initMs ?? 0));
      const fields = [
        `REPORT RequestId: ${requestId}`,
        `Duration: ${durationMs.toFixed(2)} ms`,
        `Billed Duration: ${billedMs} ms`,
        `Memory Size: ${memoryMb} MB`,
        ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
      ];
      platform(`${fields.join('\t')}\t`);
    },
  };
}
