import type { LogEvent, StackLogGroup } from '../follow-logs.ts';
import type { AccessLogEntry, FunctionLogEntry, LogEntry } from '../log-entry.ts';
import { formatBytes, formatMs, formatTimeCell, plural } from '../../ui/format.ts';
import { createJsonLines, createStyle, type Style, type Terminal } from '../../ui/terminal.ts';
import { PROBE_PATH } from '../../protocol.ts';
import { plainText } from '../../ui/sanitize.ts';
import { fitBehind, fitText, keepTogether, type Width } from '../../ui/wrap-text.ts';

/**
 * Prints log events on stdout as they are read, and everything else on stderr. With `json`, each event is a line with its parsed
 * members, including Lambda's START and END. Without it, requests of the probe that went well are only counted unless `showsProbes`.
 */
export function createLogReporter(
  terminal: Terminal,
  { json, showsProbes }: { readonly json: boolean; readonly showsProbes: boolean },
) {
  const { stdout, stderr, env } = terminal;
  const story = createStyle(stderr, env);
  const style = createStyle(stdout, env);
  const print = createJsonLines(stdout);
  const tell = (text: string): void => stderr.write(fitText(`${text}\n`, stderr));
  let shown = 0;
  let probes = 0;
  let from = '';
  return {
    begin(stackName: string, groups: readonly StackLogGroup[], since: string): void {
      from = since;
      const names = groups.map(({ source, name }) => `${source} ${name}`).join(', ');
      if (!json) tell(story.dim(`logs of ${stackName} since ${since}: ${names}`));
    },
    note: (text: string): void => tell(story.yellow(text)),
    event({ name }: StackLogGroup, { stream, message }: LogEvent, log: LogEntry): void {
      if (json) {
        shown += 1;
        const { atMs, source } = log;
        const read = 'entry' in log ? { [source]: log.entry } : {};
        const at = new Date(atMs).toISOString();
        print({ type: 'log', at, source, group: name, stream, message, ...read });
        return;
      }
      if (!showsProbes && isGoodProbe(log)) {
        probes += 1;
        return;
      }
      const line = logLine(log, style, stdout);
      if (line === undefined) return;
      shown += 1;
      stdout.write(line);
    },
    end(): void {
      if (probes > 0) tell(story.dim(`${plural(probes, 'probe')} left out; --probes shows them`));
      if (json) print({ type: 'result', ok: true, events: shown });
      else if (shown === 0)
        tell(`no events since ${from}; new events take some seconds to arrive, and --since reaches further back`);
      else tell(story.dim(plural(shown, 'event')));
    },
  };
}

function isGoodProbe(log: LogEntry): boolean {
  if (log.source !== 'access' || !('entry' in log)) return false;
  const { path = '', status = 0 } = log.entry;
  return path.endsWith(PROBE_PATH) && status < 400;
}

/**
 * One log event for people, in one or more lines.
 * @param output a terminal gets the local time without the date, and lines broken between words; others date and time in UTC
 * @returns undefined for Lambda's START and END
 */
export function logLine(log: LogEntry, style: Style, output: Width): string | undefined {
  const text =
    'text' in log ? plainText(log.text) : log.source === 'access' ? accessText(log.entry, style) : functionText(log.entry, style);
  if (text === undefined) return undefined;
  const at = new Date(log.atMs);
  const time = output.isTTY ? localTime(at) : at.toISOString();
  const head = `${style.dim(time)} ${style.cyan(log.source.padEnd('function'.length))} `;
  return `${fitBehind(head, text, output)}\n`;
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
  return keepTogether(`${name} ${formatTimeCell(ms).padStart(8)}`);
}

function functionText(entry: FunctionLogEntry, style: Style): string | undefined {
  if (entry.type === 'report') return reportText(entry, style);
  if (entry.type === 'failure') return failureText(entry, style);
  if (entry.type !== 'line') return undefined;
  const { level } = entry;
  const paint = level === 'error' || level === 'fatal' ? style.red : level === 'warn' ? style.yellow : String;
  return `${level === undefined ? '' : `${paint(level)} `}${plainText(entry.text)}`;
}

/** `AGENT_ERROR the agent failed to handle the request · AgentCore 424 · after 1.20 s · session 1a2b3c4d · AWS request 5e6f...  7a8b9c0d` */
function failureText(entry: Extract<FunctionLogEntry, { type: 'failure' }>, style: Style): string {
  const { code, message = '', upstreamStatus, awsRequestId, sessionId, durationMs, requestId = '', stack } = entry;
  const parts = [
    `${code} ${message}`,
    ...(upstreamStatus === undefined ? [] : [`AgentCore ${upstreamStatus}`]),
    `after ${formatMs(durationMs)}`,
    ...(sessionId === undefined ? [] : [`session ${sessionId.slice(0, 8)}`]),
    ...(awsRequestId === undefined ? [] : [`AWS request ${awsRequestId}`]),
    ...(stack === undefined ? [] : [`\n${stack}`]),
  ];
  return `${style.red(plainText(parts.join(' · ')))}  ${style.dim(plainText(requestId.slice(0, 8)))}`;
}

function reportText(entry: Extract<FunctionLogEntry, { type: 'report' }>, style: Style): string {
  const { requestId, durationMs, billedMs, initMs, memoryMb, usedMemoryMb } = entry;
  const parts = [
    `ran ${formatMs(durationMs ?? 0)}`,
    ...(billedMs === undefined ? [] : [`billed ${formatMs(billedMs)}`]),
    ...(initMs === undefined ? [] : [style.yellow(`cold start ${formatMs(initMs)}`)]),
    ...(memoryMb === undefined ? [] : [usedMemoryMb === undefined ? `${memoryMb} MB` : `${usedMemoryMb} of ${memoryMb} MB`]),
  ];
  return `${parts.join(' · ')}  ${style.dim(requestId.slice(0, 8))}`;
}

/** `18:04:05.123` */
function localTime(date: Date): string {
  const minutes = date.getTimezoneOffset();
  return new Date(date.getTime() - minutes * 60_000).toISOString().slice('2026-01-01T'.length, -1);
}
