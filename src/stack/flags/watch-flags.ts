import type { Command } from 'commander';
import { UsageError } from '../../cli/errors.ts';
import { arnPattern } from './arn-pattern.ts';
import { onOff } from './on-off.ts';

/** What is logged, measured and watched. */
export interface WatchFlags {
  readonly accessLog?: boolean;
  readonly logRetention?: number;
  readonly tracing?: boolean;
  readonly dashboard?: boolean;
  readonly alarms?: string;
}

const TOPIC_ARN = arnPattern('sns', '[\\w-]{1,256}');

/** API reference of CloudWatch Logs, PutRetentionPolicy: retentionInDays. The template allows the same. */
const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

export function addWatchFlags(command: Command): Command {
  return command
    .optionsGroup('Logs, metrics and alarms:')
    .option('--access-log', 'a line of JSON for each request, with streaming times, no prompts')
    .option('--no-access-log', 'no access log (default)')
    .option(
      '--log-retention <days>',
      'how long logs are kept: 1, 3, 5, 7, 14, 30, 60, 90 or another of the values that AWS takes (default: 14)',
      parseRetention,
    )
    .option(
      '--tracing',
      "X-Ray on stage and function, sampled; the agent's own spans stay apart and whole",
    )
    .option('--no-tracing', 'no X-Ray (default)')
    .option('--dashboard', 'CloudWatch dashboard: requests, errors, latency, open streams')
    .option('--no-dashboard', 'no dashboard (default)')
    .option(
      '--alarms <email|arn>',
      'address or SNS topic for alarms: 5xx, throttles, open streams near their cap; with --access-log slow first content; "" for none',
      parseAlarms,
    );
}

/** Template parameters; undefined where a flag was not given. */
export function watchParameters(flags: WatchFlags): Readonly<Record<string, string | undefined>> {
  const { alarms } = flags;
  const isTopic = alarms?.startsWith('arn:');
  return {
    AccessLog: onOff(flags.accessLog),
    LogRetentionDays: flags.logRetention?.toString(),
    Tracing: onOff(flags.tracing),
    Dashboard: onOff(flags.dashboard),
    AlarmEmail: alarms === undefined || !isTopic ? alarms : '',
    AlarmTopicArn: alarms === undefined || isTopic ? alarms : '',
  };
}

/** @throws {UsageError} INVALID_VALUE */
function parseRetention(text: string): number {
  const days = RETENTION_DAYS.find((each) => String(each) === text);
  if (days !== undefined) return days;
  throw new UsageError(
    'INVALID_VALUE',
    `--log-retention takes a number of days that AWS allows, not ${text}`,
    { hint: `one of ${RETENTION_DAYS.join(', ')}` },
  );
}

/** @throws {UsageError} INVALID_VALUE */
function parseAlarms(text: string): string {
  if (text === '' || TOPIC_ARN.test(text) || /^[^\s@,:]+@[^\s@,:]+\.[^\s@,:]+$/.test(text)) {
    return text;
  }
  throw new UsageError(
    'INVALID_VALUE',
    `--alarms takes an e-mail address or the ARN of an SNS topic, not ${text}`,
  );
}
