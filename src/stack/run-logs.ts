import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { type AwsAccess, clientConfig, resolveAwsAccess, withClients } from '../aws/aws-access.ts';
import { toOperationError } from '../aws/aws-errors.ts';
import { findStack } from '../aws/stack.ts';
import { isAbort, OperationError } from '../cli/errors.ts';
import { type CommandContext, readStackName, type StackFlags } from '../cli/options.ts';
import { parseSince } from '../cli/flag-values.ts';
import { findLogGroups, followLogs, type LogSource, type StackLogGroup } from './follow-logs.ts';
import { createLogEntryReader } from './log-entry.ts';
import { formatMs } from '../ui/format.ts';
import { createLogReporter } from './report/log-reporter.ts';

interface LogsFlags extends StackFlags {
  readonly follow?: boolean;
  readonly probes?: boolean;
  readonly since: string;
  readonly source?: LogSource;
}

/**
 * Prints the logs of the function and the API, and with `--follow` new events until the signal is aborted.
 * @throws {UsageError} INVALID_SINCE; {OperationError} NO_LOG_GROUP, as `findStack`, or an error of AWS
 */
export async function runLogs(flags: LogsFlags, { terminal, signal }: CommandContext): Promise<void> {
  const stackName = readStackName(flags, terminal.env);
  const access = resolveAwsAccess(flags, terminal.env);
  const follow = flags.follow === true;
  const fromMs = parseSince(flags.since, Date.now());
  const client = new CloudWatchLogsClient(clientConfig(access));
  const reporter = createLogReporter(terminal, { json: flags.json === true, showsProbes: flags.probes === true });
  try {
    const { groups, notes } = await findGroups(stackName, flags.source, access);
    reporter.begin(stackName, groups, flags.since);
    for (const note of notes) reporter.note(note);
    const missing = new Set<string>();
    const read = createLogEntryReader(groups);
    const events = followLogs(client, groups, {
      fromMs,
      follow,
      signal,
      onFailure(cause, group, waitMs) {
        const { error, isMissing, isPassing } = logsFailure(cause, group, access);
        if (isPassing && follow) {
          reporter.note(`${error.message}; asking again in ${formatMs(waitMs)}`);
          return 'again';
        }
        if (isMissing) missing.add(group.name);
        // A missing group does not hide the other one.
        if (!isMissing || missing.size === groups.length) throw error;
        reporter.note(error.message);
        return 'skip';
      },
    });
    try {
      for await (const { group, event } of events) reporter.event(group, event, read(group, event));
    } catch (error) {
      // Ctrl-C is the normal end of `--follow`.
      if (!(follow && signal.aborted && isAbort(error))) throw error;
    }
    reporter.end();
  } catch (error) {
    throw toOperationError(error, access);
  } finally {
    client.destroy();
  }
}

async function findGroups(stackName: string, source: LogSource | undefined, access: AwsAccess) {
  const stack = await findStack(stackName, access);
  const { groups, notes } = await withClients(access, [APIGatewayClient], (client) => findLogGroups(stack, client));
  const wanted = groups.filter((group) => source === undefined || group.source === source);
  if (wanted.length > 0) return { groups: wanted, notes: source === undefined ? notes : [] };
  throw new OperationError(
    'NO_LOG_GROUP',
    `the stack ${stackName} has no ${source ?? ''} logs${notes.length > 0 ? `: ${notes.join(', ')}` : ''}`,
    { hint: source === 'access' ? 'leave out --source for the log of the function' : undefined },
  );
}

/**
 * Turns an error of CloudWatch Logs into one of ours (API reference, FilterLogEvents, errors).
 * @returns `isMissing`: the log group does not exist; `isPassing`: a transient error, such as throttling or a lost connection
 */
function logsFailure(cause: unknown, { name, source }: StackLogGroup, access: AwsAccess) {
  const code = cause instanceof Error ? cause.name : '';
  const isMissing = code === 'ResourceNotFoundException';
  const isThrottled = /^(Throttling|TooManyRequests|ServiceUnavailable|LimitExceeded)/.test(code);
  let error: Error;
  if (isMissing) {
    const hint = 'it was deleted outside the stack: destroy the stack and deploy it again';
    error = new OperationError('LOG_GROUP_MISSING', `the ${source} log group does not exist: ${name}`, { cause, hint });
  } else if (isThrottled) {
    const hint = 'wait a moment; other tools that tail logs share the limit';
    error = new OperationError('LOGS_THROTTLED', 'CloudWatch Logs throttles requests (5 a second per account)', { cause, hint });
  } else if (code.startsWith('AccessDenied')) {
    const hint = 'your identity needs logs:FilterLogEvents on it';
    error = new OperationError('LOGS_DENIED', `no permission to read the log group ${name}`, { cause, hint });
  } else error = toOperationError(cause, access);
  return { error, isMissing, isPassing: isThrottled || (error instanceof OperationError && error.code === 'NO_CONNECTION') };
}
