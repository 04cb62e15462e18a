import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type APIGatewayClient, GetStageCommand } from '@aws-sdk/client-api-gateway';
import type { Stack } from '../aws/stack.ts';

export interface FollowOptions {
  /** Epoch ms. */
  readonly fromMs: number;
  /** Continue until the signal is aborted, instead of ending at the newest event. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /**
   * Decides about the failure of one group: `skip` drops the group, `again` retries after `waitMs`. An error that it throws ends the
   * whole sequence.
   */
  readonly onFailure: (error: unknown, group: StackLogGroup, waitMs: number) => 'skip' | 'again';
  /** Time between two polls, ms. Default 2 s: two groups stay below FilterLogEvents' 5 calls a second (CloudWatch Logs quotas). */
  readonly pollMs?: number;
  /** How far back each poll looks for events that arrive late, ms. Default 30 s; AWS documents no bound. */
  readonly overlapMs?: number;
}

/** Longest wait after failures. */
const MAX_WAIT_MS = 30_000;

/**
 * Yields the events of several log groups ordered by time, then new ones as they arrive. Late events come out of order; no event comes
 * twice.
 * @throws errors of `onFailure`; AbortError when the signal is aborted
 */
export async function* followLogs(client: CloudWatchLogsClient, groups: readonly StackLogGroup[], options: FollowOptions) {
  const { fromMs, follow, signal, pollMs = 2_000, overlapMs = 30_000 } = options;
  // How far each group has been read, with ids and times of the events that the next poll returns again.
  const cursors = groups.map((group) => ({ group, lastMs: fromMs, seen: new Map<string, number>(), failures: 0, isGone: false }));
  const waitAfter = (failures: number): number => Math.min(pollMs * 2 ** failures, MAX_WAIT_MS);

  async function* news(cursor: (typeof cursors)[number]): AsyncGenerator<LogEvent, void> {
    const { group, seen } = cursor;
    const since = Math.max(0, fromMs, cursor.lastMs - overlapMs);
    for (const [id, atMs] of seen) if (atMs < since) seen.delete(id);
    try {
      const question = { logGroupName: group.name, startTime: since };
      // An empty page may still not be the last one (API reference, FilterLogEvents).
      for await (const { events = [] } of paginateFilterLogEvents({ client }, question, { abortSignal: signal })) {
        for (const { eventId: id = '', timestamp: atMs = 0, logStreamName: stream = '', message = '' } of events) {
          if (seen.has(id)) continue;
          seen.set(id, atMs);
          cursor.lastMs = Math.max(cursor.lastMs, atMs);
          yield { id, atMs, stream, message: message.replace(/[\r\n]+$/, '') };
        }
      }
      cursor.failures = 0;
    } catch (error) {
      if (signal.aborted) throw error;
      const decision = options.onFailure(error, group, waitAfter(cursor.failures + 1));
      if (decision === 'skip') cursor.isGone = true;
      else cursor.failures += 1;
    }
  }

  for (;;) {
    const alive = cursors.filter(({ isGone }) => !isGone);
    yield* byTime(alive.map((cursor) => ({ group: cursor.group, events: news(cursor) })));
    if (!follow || alive.every(({ isGone }) => isGone)) return;
    await sleep(waitAfter(Math.max(...alive.map(({ failures }) => failures))), undefined, { signal });
  }
}

/** Merges sequences that are sorted by time into one. */
async function* byTime(sources: readonly { readonly group: StackLogGroup; readonly events: AsyncGenerator<LogEvent> }[]) {
  const next = async (source: (typeof sources)[number]) => ({ ...source, head: await source.events.next() });
  let heads = await Promise.all(sources.map(next));
  for (;;) {
    heads = heads.filter(({ head }) => head.done !== true);
    const [first, ...others] = heads;
    if (!first) return;
    const timeOf = ({ head }: typeof first): number => head.value?.atMs ?? 0;
    const oldest = others.reduce((best, each) => (timeOf(each) < timeOf(best) ? each : best), first);
    yield { group: oldest.group, event: oldest.head.value as LogEvent };
    const moved = await next(oldest);
    heads = heads.map((each) => (each === oldest ? moved : each));
  }
}

/** One event of a log group. */
export interface LogEvent {
  readonly id: string;
  /** Epoch ms, as the writer stamped it. */
  readonly atMs: number;
  readonly stream: string;
  /** Without the line end. */
  readonly message: string;
}

export type LogSource = 'function' | 'access';

/** A log group that a stack writes to. */
export interface StackLogGroup {
  readonly source: LogSource;
  readonly name: string;
  /** Format of an access log, with its `$context` variables. */
  readonly format?: string;
}

/**
 * Finds the log groups of a stack: the function's from the stack's outputs, the access log's from the stage, which also shows one that
 * was set up outside the stack.
 * @returns `notes`: why a source is missing, a sentence each
 * @throws errors of API Gateway when the stage cannot be read
 */
export async function findLogGroups({ outputs }: Stack, client: APIGatewayClient) {
  const groups: StackLogGroup[] = [];
  const notes: string[] = [];
  const { LogGroupName: ofFunction, FunctionName, ApiId, StageName } = outputs;
  // Lambda's default group of a function (Lambda guide, "Working with CloudWatch Logs").
  const name = ofFunction ?? (FunctionName && `/aws/lambda/${FunctionName}`);
  if (name) groups.push({ source: 'function', name });
  if (!ApiId || !StageName) return { groups, notes };
  const { accessLogSettings } = await client.send(new GetStageCommand({ restApiId: ApiId, stageName: StageName }));
  const { destinationArn = '', format = '' } = accessLogSettings ?? {};
  const group = /:log-group:(.+?)(?::\*)?$/.exec(destinationArn)?.[1];
  if (group !== undefined) groups.push({ source: 'access', name: group, format });
  else if (destinationArn !== '') notes.push('the access logs go to Firehose: read them there');
  else notes.push('the stage writes no access log');
  return { groups, notes };
}
