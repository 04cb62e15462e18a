import { IDLE_LIMIT_MS } from '../aws/limits.ts';
import { DEV_CREDENTIALS } from '../aws/aws-access.ts';
import { credentialLines, type CurlAuth, curlLine } from '../endpoint/curl-line.ts';
import { formatMs, formatSpan, plural } from '../ui/format.ts';
import { createJsonLines } from '../ui/json-lines.ts';
import { plainText, printable } from '../ui/sanitize.ts';
import { createStyle, type Style } from '../ui/style.ts';
import { keyValueLines } from '../ui/table.ts';
import type { Terminal } from '../ui/terminal.ts';

/** Without a stack, what one would have. */
const REGIONAL_IDLE_LIMIT_MS = IDLE_LIMIT_MS['REGIONAL'] ?? Number.NaN;

/** The parts that `dev` runs. */
export interface DevFacts {
  readonly emulatorUrl: string;
  readonly region: string;
  readonly agent: string;
  readonly agentArn: string;
  readonly stackName: string;
  /** Absent without a stack. */
  readonly url?: string;
  readonly apiKey?: string | undefined;
  readonly authMode?: string;
  /** Token of the local user pool. */
  readonly token?: string | undefined;
  /** Longest silence of a stream, ms, as it is here. */
  readonly idleLimitMs?: number | undefined;
  /** Where a Lambda authorizer looks for the token; absent for `Authorization`. */
  readonly tokenHeader?: string | undefined;
  /** Headers of every request to the endpoint. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Absent when time is not scaled. */
  readonly timeScale?: number;
  /** Injected faults, as written on the command line. */
  readonly faults?: readonly string[];
}

/** The members of an emulator's event that are shown. */
type DevEvent =
  | { readonly type: 'api-call' | 'authorization' | 'resource-call' }
  | { readonly type: 'session-start' }
  | { readonly type: 'fault'; readonly fault: string; readonly place: string }
  | { readonly type: 'function-log'; readonly line: string }
  | {
      readonly type: 'endpoint-request';
      readonly method: string;
      readonly path: string;
      readonly status: number;
      readonly ttfbMs?: number;
      readonly durationMs: number;
      readonly chunks: number;
      readonly longestGapMs: number;
      readonly longestGapWhere: keyof typeof PLACES;
      readonly end: string;
    };

export interface DevReporter {
  ready(facts: DevFacts): void;
  event(event: DevEvent): void;
  /** The command of `--exec` has ended. */
  finished(status: number): void;
}

/**
 * Prints the output of `dev`: how to reach it, then one line per request. With `quiet` (a command runs on the terminal) all of it goes to stderr
 * and the way in is left out.
 */
export function createDevReporter(
  terminal: Terminal,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
): DevReporter {
  if (json) {
    const print = createJsonLines(terminal.stdout);
    return {
      ready: (facts) => print({ type: 'ready', ...facts }),
      event: print,
      finished: (status) => print({ type: 'result', ok: status === 0, status }),
    };
  }
  const output = quiet ? terminal.stderr : terminal.stdout;
  const style = createStyle(output, terminal.env);
  return {
    ready(facts) {
      if (!quiet) output.write(banner(facts, style));
    },
    event(event) {
      const line = eventLine(event, style);
      if (line !== undefined) output.write(`${line}\n`);
    },
    finished: () => undefined,
  };
}

function banner(facts: DevFacts, style: Style): string {
  const { url, emulatorUrl, apiKey, timeScale, faults } = facts;
  const idleLimitMs = facts.idleLimitMs ?? REGIONAL_IDLE_LIMIT_MS / (timeScale ?? 1);
  const scaled = `the ${formatSpan(idleLimitMs * (timeScale ?? 1))} of silence that end a stream are ${formatMs(idleLimitMs)} here`;
  const rows: [string, string][] = [
    ...(url ? [['Endpoint', url] as [string, string]] : []),
    ...(apiKey ? [['API key', apiKey] as [string, string]] : []),
    ['Agent', `${facts.agent} as ${facts.agentArn}`],
    ['AWS', `AWS_ENDPOINT_URL=${emulatorUrl} in ${facts.region}`],
    ...(timeScale ? [['Time', `AGENTSTREAM_TIME_SCALE=${timeScale}: ${scaled}`] as [string, string]] : []),
    ...(faults?.length ? [['Faults', faults.join(', ')] as [string, string]] : []),
  ];
  const attempt = url
    ? `\nTry it:\n  ${[...settingsOf(facts), curlLine(url, authOf(facts), facts.headers)].join('\n  ')}\n`
    : `\nDeploy to it:\n  AGENTSTREAM_LOCAL=${emulatorUrl}${timeScale ? ` AGENTSTREAM_TIME_SCALE=${timeScale}` : ''} agentstream deploy --agent-arn ${facts.agentArn}\n`;
  return `\n${style.bold('The whole chain runs on this machine.')}\n\n${keyValueLines(rows, '  ')}${attempt}\nCtrl-C stops it.\n\n`;
}

/** Exports of the variables that the curl line reads, for another terminal. */
function settingsOf({ authMode, token }: DevFacts): string[] {
  if (authMode === 'iam') return credentialLines({ credentials: DEV_CREDENTIALS });
  if (token) return [`export AGENTSTREAM_TOKEN=${token}`];
  // Only the person's authorizer knows what it takes.
  return authMode === 'lambda' ? ['export AGENTSTREAM_TOKEN=TOKEN'] : [];
}

function authOf({ apiKey, authMode, region, tokenHeader: header }: DevFacts): CurlAuth {
  if (apiKey) return { type: 'api-key', value: apiKey };
  if (authMode === 'iam') return { type: 'iam', region };
  const usesTokens = authMode === 'cognito' || authMode === 'lambda';
  return usesTokens ? { type: 'bearer', value: '$AGENTSTREAM_TOKEN', header } : { type: 'none' };
}

const PLACES = {
  'before-first-byte': 'before the first byte',
  'between-writes': 'between two chunks',
  'before-end': 'before the end',
} as const;

function eventLine(event: DevEvent, style: Style): string | undefined {
  if (event.type === 'fault') return style.yellow(`fault: ${event.fault} (${event.place})`);
  if (event.type === 'function-log') return style.dim(`function: ${plainText(event.line)}`);
  if (event.type !== 'endpoint-request') return undefined;
  const { method, path, status, ttfbMs, chunks, longestGapMs, longestGapWhere, durationMs, end } = event;
  const parts = [
    ttfbMs === undefined ? 'no body' : `ttfb ${formatMs(ttfbMs)}`,
    plural(chunks, 'chunk'),
    `longest silence ${formatMs(longestGapMs)} ${PLACES[longestGapWhere]}`,
    `${formatMs(durationMs)} in all`,
    ...(end === 'complete' ? [] : [end]),
  ];
  const paint = status < 400 ? style.green : style.red;
  return `${method} ${printable(path)} ${paint(String(status))}  ${parts.join(' · ')}`;
}
