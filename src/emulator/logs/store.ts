import { AwsError, errorType } from '../kernel/aws-error.ts';
import type { LogsLimits } from './limits.ts';

export interface LogEvent {
  /** Unique within the Region, ascending. */
  readonly id: string;
  readonly stream: string;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly message: string;
}

export interface LogGroup {
  /** Oldest first. */
  readonly events: LogEvent[];
  /** Epoch ms. */
  readonly creationTime: number;
  /** Undefined: for ever. */
  readonly retentionInDays: number | undefined;
}

/** The log groups of one Region, by name. */
export type LogGroups = Map<string, LogGroup>;

/** Creates a group, or changes its retention; one that exists keeps its events. */
export function putLogGroup(logGroups: LogGroups, name: string, retentionInDays?: number): void {
  const { events, creationTime } = logGroups.get(name) ?? { events: [], creationTime: Date.now() };
  logGroups.set(name, { events, creationTime, retentionInDays });
}

/** Writes one event with the current time. A group that does not exist ignores it. */
export type PutLogEvent = (group: string, stream: string, message: string) => void;

/** CloudWatch's event ids are decimal numbers of 56 digits. */
const ID_DIGITS = 56;

/** @param limits.keptEvents of each group */
export function createLogWriter(logGroups: LogGroups, limits: Pick<LogsLimits, 'keptEvents'>): PutLogEvent {
  let written = 0;
  return (name, stream, message) => {
    const events = logGroups.get(name)?.events;
    if (!events) return;
    written += 1;
    const id = String(written).padStart(ID_DIGITS, '0');
    events.push({ id, stream, timestamp: Date.now(), message });
    if (events.length > limits.keptEvents) events.splice(0, events.length - limits.keptEvents);
  };
}

/** The name in `arn:...:log-group:NAME`, with or without `:*` at its end, or the name itself. */
export function groupNameOf(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
}

export function noSuchGroup(): AwsError {
  return new AwsError('ResourceNotFoundException', 400, 'The specified log group does not exist.');
}

export const invalidParameter = errorType('InvalidParameterException', 400);
