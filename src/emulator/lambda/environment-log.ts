import type { FunctionDefinition } from './function-properties.ts';
import type { Credentials, Iam } from '../iam/service.ts';
import { type LogGroups, type PutLogEvent, putLogGroup } from '../logs/store.ts';
import { arn, type Place } from '../kernel/place.ts';

/** The log stream of one execution environment. */
export type EnvironmentLog = ReturnType<typeof createEnvironmentLog>;

/** The end of an invocation's log that its caller may ask for (API reference of Invoke, `LogResult`). */
export const LOG_RESULT_BYTES = 4_096;

interface EndedInvocation {
  readonly requestId: string;
  readonly durationMs: number;
  /** Only for an invocation that waited for a cold start. */
  readonly initMs: number | undefined;
  /** Lambda's words for an invocation that it has ended. */
  readonly failure: string | undefined;
  /** Gets the end of the invocation's log. */
  readonly onLogged: (log: string) => void;
}

/**
 * Writes Lambda's own messages around each invocation, in its text format (`monitoring-cloudwatchlogs-view.html`), without the used
 * memory: the emulator does not measure it. The log of a function that logs in JSON only holds its own lines.
 * Lambda's messages wait until the earlier output of the function has been read from its pipes.
 * @param put writes one message with its line end, as Lambda does
 */
export function createEnvironmentLog({ logging, memoryMb }: FunctionDefinition, put: (message: string) => void) {
  let log = '';
  const write = (message: string): void => {
    log = (log + message).slice(-LOG_RESULT_BYTES);
    put(message);
  };
  const platform = (message: string): void => {
    if (logging.logFormat !== 'JSON') setImmediate(() => write(`${message}\n`));
  };
  return {
    /** A line that the function wrote. */
    line: (text: string) => write(`${text}\n`),
    start(requestId: string): void {
      log = '';
      platform(`START RequestId: ${requestId} Version: $LATEST`);
    },
    end({ requestId, durationMs, initMs, failure, onLogged }: EndedInvocation): void {
      if (failure !== undefined) platform(`${new Date().toISOString()} ${failure}`);
      platform(`END RequestId: ${requestId}`);
      // The init time is billed as well (Lambda's pricing page, "INIT billing").
      const billedMs = Math.ceil(durationMs + (initMs ?? 0));
      const fields = [
        `REPORT RequestId: ${requestId}`,
        `Duration: ${durationMs.toFixed(2)} ms`,
        `Billed Duration: ${billedMs} ms`,
        `Memory Size: ${memoryMb} MB`,
        ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
      ];
      platform(`${fields.join('\t')}\t`);
      setImmediate(() => onLogged(log));
    },
  };
}

/** Opens the log of a new execution environment. The returned function writes one message to a stream of the function's log group. */
export type OpenLog = (definition: FunctionDefinition, credentials: Credentials) => (stream: string, message: string) => void;

/** Lambda writes, and creates the group, with the function's role, if it may (`monitoring-cloudwatchlogs.html`). */
export function createOpenLog(place: Place, iam: Iam, logGroups: LogGroups, putLogEvent: PutLogEvent): OpenLog {
  return ({ logging: { logGroup } }, { accessKeyId }) => {
    const may = (action: string, resource: string): boolean => {
      try {
        iam.authorize(accessKeyId, action, [arn(place, 'logs', `log-group:${logGroup}:${resource}`)]);
        return true;
      } catch {
        return false;
      }
    };
    if (!logGroups.has(logGroup) && may('logs:CreateLogGroup', '*')) putLogGroup(logGroups, logGroup);
    if (!may('logs:PutLogEvents', 'log-stream:*')) return () => undefined;
    return (stream, message) => putLogEvent(logGroup, stream, message);
  };
}
