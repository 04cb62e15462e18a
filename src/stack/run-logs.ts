import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  type AwsAccess,
  clientConfig,
  resolveAwsAccess,
  toOperationError,
} from '../aws/aws-access.ts';
import type { CommandContext } from '../cli/context.ts';
import { findStack } from '../endpoint/endpoint.ts';
import { isAbort, OperationError } from '../cli/errors.ts';
import { parseSince, readStackName, type StackFlags } from '../cli/options.ts';
import { findLogGroups, type FoundLogGroups, type LogSource } from './find-log-groups.ts';
import { followLogs } from './follow-logs.ts';
import { createLogEntryReader } from './log-entry.ts';
import { logsFailure } from './logs-failure.ts';
import { formatMs } from '../ui/format.ts';
import { createLogReporter } from './report/log-reporter.ts';

/** Flags of `logs`. */
export interface LogsFlags extends StackFlags {
  readonly follow?: boolean;
  readonly since: string;
  readonly source?: LogSource;
}

/**
 * Prints what the function and the API have logged, and with `--follow` what comes, until the signal is aborted.
 * @throws {UsageError} INVALID_SINCE; {OperationError} NO_LOG_GROUP, as `findStack`, or what AWS said
 */
export async function runLogs(
  flags: LogsFlags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const stackName = readStackName(flags, terminal.env);
  const access = resolveAwsAccess(flags, terminal.env);
  const follow = flags.follow === true;
  const fromMs = parseSince(flags.since, Date.now());
  const client = new CloudWatchLogsClient(clientConfig(access));
  const reporter = createLogReporter(terminal, { json: flags.json === true });
  try {
    const { groups, notes } = await findGroups(stackName, flags.source, access);
    reporter.begin({ stackName, groups, since: flags.since });
    for (const note of notes) reporter.note(note);
    const missing = new Set<string>();
    const read = createLogEntryReader(groups);
    const events = followLogs(client, groups, {
      fromMs,
      follow,
      signal,
      onFailure(cause, group, waitMs) {
        const explain = (other: unknown): Error => toOperationError(other, access);
        const { error, isMissing, isPassing } = logsFailure(cause, group, explain);
        if (isPassing && follow) {
          reporter.note(`${error.message}; asking again in ${formatMs(waitMs)}`);
          return 'again';
        }
        if (isMissing) missing.add(group.name);
        // One group of two that is not there does not hide the other.
        if (!isMissing || missing.size === groups.length) throw error;
        reporter.note(error.message);
        return 'skip';
      },
    });
    try {
      for await (const { group, event } of events) {
        reporter.event(group, event, read(group, event));
      }
    } catch (error) {
      // Ctrl-C is how a person ends what would go on for ever.
      if (!(follow && signal.aborted && isAbort(error))) throw error;
    }
    reporter.end();
  } catch (error) {
    throw toOperationError(error, access);
  } finally {
    client.destroy();
  }
}

async function findGroups(
  stackName: string,
  source: LogSource | undefined,
  access: AwsAccess,
): Promise<FoundLogGroups> {
  const stack = await findStack(stackName, access);
  const apiGateway = new APIGatewayClient(clientConfig(access));
  try {
    const { groups, notes } = await findLogGroups(stack, apiGateway);
    const wanted = groups.filter((group) => source === undefined || group.source === source);
    if (wanted.length > 0) return { groups: wanted, notes: source === undefined ? notes : [] };
    throw new OperationError(
      'NO_LOG_GROUP',
      `the stack ${stackName} has no ${source ?? ''} logs${notes.length > 0 ? `: ${notes.join(', ')}` : ''}`,
      { hint: source === 'access' ? 'leave --source out for the log of the function' : undefined },
    );
  } finally {
    apiGateway.destroy();
  }
}
