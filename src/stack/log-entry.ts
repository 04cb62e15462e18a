import { type AccessLogEntry, createAccessLogReader } from './access-log-entry.ts';
import type { StackLogGroup } from './find-log-groups.ts';
import { type FunctionLogEntry, readFunctionLog } from './function-log-entry.ts';
import type { LogEvent } from './read-log-events.ts';

/** A log event that has been read. */
export type LogEntry = { readonly atMs: number } & (
  | { readonly source: 'function'; readonly entry: FunctionLogEntry }
  | { readonly source: 'access'; readonly entry: AccessLogEntry }
  /** Of a format that the stage no longer has. */
  | { readonly source: 'access'; readonly text: string }
);

/** Makes a reader for the events of these groups. */
export function createLogEntryReader(
  groups: readonly StackLogGroup[],
): (group: StackLogGroup, event: LogEvent) => LogEntry {
  const readers = new Map(
    groups.map(({ name, format = '' }) => [name, createAccessLogReader(format)] as const),
  );
  return ({ name, source }, { atMs, message }) => {
    if (source === 'function') return { atMs, source, entry: readFunctionLog(message) };
    const entry = readers.get(name)?.(message);
    return entry ? { atMs, source, entry } : { atMs, source, text: message };
  };
}
