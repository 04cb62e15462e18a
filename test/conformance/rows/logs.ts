import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientConfig } from '../../../src/aws/aws-access.ts';
import { send } from '../../helpers/post.ts';
import { queryAws } from '../query-aws.ts';
import { CannotRun, type Deployed, type Row } from '../row.ts';
import type { World } from '../world.ts';

const ASK_EVERY_MS = 5_000;
/** Lines of an access log come minutes late. */
const PATIENCE_MS = 300_000;
/** Metrics come later still. */
const METRIC_PATIENCE_MS = 600_000;
const HOUR_MS = 3_600_000;

/** Why there is no access log. */
export const NO_LOG_ROLE = 'API Gateway has no role for its logs in this account and Region';

/** Messages of a log group since a moment, asked for until one matches. @throws {CannotRun} when none comes in five minutes */
async function waitForLines({ access, place }: World, group: string, since: number, wanted: RegExp): Promise<string[]> {
  const client = new CloudWatchLogsClient(clientConfig(access));
  try {
    for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += ASK_EVERY_MS) {
      const { events = [] } = await client.send(new FilterLogEventsCommand({ logGroupName: group, startTime: since }));
      const lines = events.flatMap(({ message = '' }) => (wanted.test(message) ? [message] : []));
      if (lines.length > 0) return lines;
      await sleep(place === 'emulator' ? 100 : ASK_EVERY_MS);
    }
  } finally {
    client.destroy();
  }
  throw new CannotRun(`no line of ${group} matched ${wanted} in five minutes`);
}

/** Durations of a function's invocations since a moment, ms, as Lambda reports them. */
export async function functionDurations(world: World, { outputs }: Deployed, since: number): Promise<number[]> {
  const lines = await waitForLines(world, outputs['LogGroupName'] ?? '', since, /^REPORT /);
  return lines.map((line) => Number(/\bDuration: ([\d.]+) ms/.exec(line)?.[1]));
}

/** The access log, and the metric filter that reads it. */
export const ACCESS_LOG: readonly Row[] = [
  {
    id: 'B5',
    question: 'the line of a stream in the access log',
    assumed: 'STREAMED, its first content as a number in quotes',
    async ask(world, { url, headers, outputs }) {
      const since = Date.now() - 1_000;
      await send('POST', `${url}/probe`, { count: 2, interval_ms: 100 }, headers);
      const [line = ''] = await waitForLines(world, outputs['AccessLogGroupName'] ?? '', since, /\/probe"/);
      const { mode, timeToFirstContent } = JSON.parse(line) as { readonly mode: string; readonly timeToFirstContent: unknown };
      const isQuoted = typeof timeToFirstContent === 'string' && /^\d+$/.test(timeToFirstContent);
      return `${mode}, its first content ${isQuoted ? 'as a number in quotes' : `is ${JSON.stringify(timeToFirstContent)}`}`;
    },
  },
  {
    id: 'B5',
    question: 'whether CloudWatch counts that quoted number',
    assumed: 'it does',
    option: 'logs.countQuotedNumbers',
    async ask({ access }, { stackName }) {
      for (let waitedMs = 0; waitedMs < METRIC_PATIENCE_MS; waitedMs += ASK_EVERY_MS) {
        const xml = await queryAws(access, 'monitoring', '2010-08-01', {
          Action: 'GetMetricStatistics',
          Namespace: `agentstream/${stackName}`,
          MetricName: 'TimeToFirstContent',
          StartTime: new Date(Date.now() - HOUR_MS).toISOString(),
          EndTime: new Date(Date.now() + HOUR_MS).toISOString(),
          Period: '60',
          'Statistics.member.1': 'SampleCount',
        });
        if (/<SampleCount>[1-9]/.test(xml)) return 'it does';
        await sleep(ASK_EVERY_MS);
      }
      return 'it does not: no sample in ten minutes';
    },
  },
];

/** After a stack is gone. @param deployed the stack as it was */
export const LATE_LINES: Row = {
  id: 'B14',
  question: 'whether late lines of the access log make its group again, a minute after the stack is gone',
  assumed: 'they do not',
  async ask({ access, place }, { outputs }) {
    const group = outputs['AccessLogGroupName'];
    if (!group) throw new CannotRun('the stack had no access log');
    if (place === 'account') await sleep(60_000);
    const client = new CloudWatchLogsClient(clientConfig(access));
    try {
      await client.send(new FilterLogEventsCommand({ logGroupName: group }));
      return `they do: aws logs delete-log-group --log-group-name ${group}`;
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return 'they do not';
      throw error;
    } finally {
      client.destroy();
    }
  },
};
