import type { AccessLogEntry } from '../access-log-entry.ts';
import type { FunctionLogEntry } from '../function-log-entry.ts';
import type { LogEntry } from '../log-entry.ts';
import { formatBytes, formatMs } from '../../ui/format.ts';
import { plainText } from '../../ui/sanitize.ts';
import type { Style } from '../../ui/style.ts';

/**
 * One log event for people, a line or more with its line end.
 * @param isShort the time alone, of this time zone, for a terminal; else date and time in UTC
 * @returns undefined for what says nothing: Lambda's START and END
 */
export function logLine(log: LogEntry, style: Style, isShort: boolean): string | undefined {
  const text =
    'text' in log
      ? plainText(log.text)
      : log.source === 'access'
        ? accessText(log.entry, style)
        : functionText(log.entry, style);
  if (text === undefined) return undefined;
  const at = new Date(log.atMs);
  const time = isShort ? localTime(at) : at.toISOString();
  const head = `${style.dim(time)} ${style.cyan(log.source.padEnd('function'.length))} `;
  const indent = ' '.repeat(time.length + 'function'.length + 2);
  return `${head}${text.replaceAll('\n', `\n${indent}`)}\n`;
}

/** `200 POST /v1/invoke  STREAMED  headers   82 ms  first   95 ms  end  3.20 s  12.4 kB  1a2b3c4d` */
function accessText(entry: AccessLogEntry, style: Style): string {
  const { status, method = '', path = '', transferMode, requestId, bytes, error } = entry;
  const paint = (status ?? 0) < 400 ? style.green : style.red;
  const columns = [
    `${paint(String(status ?? '---'))} ${plainText(`${method} ${path}`).padEnd(20)}`,
    (transferMode ?? '').padEnd('STREAMED'.length),
    timing('headers', entry.headersMs),
    timing('first', entry.firstContentMs),
    timing('end', entry.endMs),
    (bytes === undefined ? '' : formatBytes(bytes)).padStart(8),
    style.dim(plainText((requestId ?? '').slice(0, 8))),
    ...(error === undefined ? [] : [style.red(plainText(error))]),
  ];
  return columns.join('  ').trimEnd();
}

function timing(name: string, ms: number | undefined): string {
  return `${name} ${(ms === undefined ? '-' : formatMs(ms)).padStart(8)}`;
}

function functionText(entry: FunctionLogEntry, style: Style): string | undefined {
  if (entry.type === 'report') return reportText(entry, style);
  if (entry.type !== 'line') return undefined;
  const { level } = entry;
  const paint =
    level === 'error' || level === 'fatal' ? style.red : level === 'warn' ? style.yellow : String;
  return `${level === undefined ? '' : `${paint(level)} `}${plainText(entry.text)}`;
}

function reportText(
  {
    requestId,
    durationMs,
    billedMs,
    initMs,
    memoryMb,
    usedMemoryMb,
  }: FunctionLogEntry & {
    readonly type: 'report';
  },
  style: Style,
): string {
  const parts = [
    `ran ${formatMs(durationMs ?? 0)}`,
    ...(billedMs === undefined ? [] : [`billed ${formatMs(billedMs)}`]),
    ...(initMs === undefined ? [] : [style.yellow(`cold start ${formatMs(initMs)}`)]),
    ...(memoryMb === undefined
      ? []
      : [usedMemoryMb === undefined ? `${memoryMb} MB` : `${usedMemoryMb} of ${memoryMb} MB`]),
  ];
  return `${parts.join(' · ')}  ${style.dim(requestId.slice(0, 8))}`;
}

/** `18:04:05.123` */
function localTime(date: Date): string {
  const pad = (value: number, width: number): string => String(value).padStart(width, '0');
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return `${clock.map((value) => pad(value, 2)).join(':')}.${pad(date.getMilliseconds(), 3)}`;
}
