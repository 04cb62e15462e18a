import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

/** One event of a log group. */
export interface LogEvent {
  readonly id: string;
  /** Epoch ms, as the writer stamped it. */
  readonly atMs: number;
  readonly stream: string;
  /** Without the line end. */
  readonly message: string;
}

/**
 * The events of a log group from a moment on, oldest first, page by page. A page may be empty and still not be the last (API reference,
 * FilterLogEvents).
 * @param fromMs epoch ms
 * @throws what CloudWatch Logs says; AbortError
 */
export async function* readLogEvents(
  client: CloudWatchLogsClient,
  logGroupName: string,
  { fromMs, signal }: { readonly fromMs: number; readonly signal: AbortSignal },
): AsyncGenerator<LogEvent, undefined> {
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new FilterLogEventsCommand({
        logGroupName,
        startTime: Math.max(0, fromMs),
        ...(nextToken && { nextToken }),
      }),
      { abortSignal: signal },
    );
    for (const { eventId = '', timestamp = 0, logStreamName = '', message = '' } of page.events ??
      []) {
      yield {
        id: eventId,
        atMs: timestamp,
        stream: logStreamName,
        message: message.replace(/[\r\n]+$/, ''),
      };
    }
    nextToken = page.nextToken;
  } while (nextToken);
  return undefined;
}
