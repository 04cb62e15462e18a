import { IDLE_LIMIT_MS } from '../aws/limits.ts';
import { DEV_DEFAULT_PORT, DEV_REGION } from '../aws/dev-address.ts';
import type { DevCredentials } from '../aws/dev-credentials.ts';
import { commandLine, DEFAULT_STACK_NAME } from '../cli/command-line.ts';
import type { CommandWords } from '../cli/errors.ts';
import { credentialLines, curlAuth, curlLine } from '../endpoint/curl-line.ts';
import { formatMs, formatSpan } from '../ui/format.ts';
import { keyValueLines } from '../ui/table.ts';
import { createJsonLines, createStyle, type Style, type Terminal } from '../ui/terminal.ts';
import type { Width } from '../ui/wrap-text.ts';
import { createRequestLines, type DevEvent } from './request-lines.ts';

/** Without a stack, what one would have. */
const REGIONAL_IDLE_LIMIT_MS = IDLE_LIMIT_MS['REGIONAL'] ?? Number.NaN;

/** Where the stack of a run of `dev` is reached. */
export interface DevStack {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly authMode: string;
  /** As it is here, where time may be scaled; undefined when it is not known. */
  readonly idleLimitMs: number | undefined;
  /** Token of the local user pool. */
  readonly token: string | undefined;
  /** Where a Lambda authorizer looks for the token; undefined for `Authorization`. */
  readonly tokenHeader: string | undefined;
  /** Headers of every request to the endpoint. */
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** The parts that `dev` runs; those of a stack only with one. */
export interface DevFacts extends Partial<DevStack> {
  readonly emulatorUrl: string;
  readonly region: string;
  /** The only key of the account's owner. */
  readonly credentials: DevCredentials;
  readonly agent: string;
  readonly agentArn: string;
  readonly stackName: string;
  /** Absent when time is not scaled. */
  readonly timeScale?: number;
  /** Injected faults, as written on the command line. */
  readonly faults?: readonly string[];
}

export type DevReporter = ReturnType<typeof createDevReporter>;

/**
 * Prints the output of `dev`: how to reach it, then one line per request. With `quiet` (a command runs on the terminal) all of it goes to stderr
 * and how to reach it is left out; two programs would write on one line, so the requests become one line at the end unless `verbose`.
 */
export function createDevReporter(
  terminal: Terminal,
  { json, quiet, verbose = false }: { readonly json: boolean; readonly quiet: boolean; readonly verbose?: boolean },
) {
  if (json) {
    const print = createJsonLines(terminal.stdout);
    return {
      ready: (facts: DevFacts): void => print({ type: 'ready', ...facts }),
      event: (event: DevEvent): void => print({ ...event }),
      /** The command of `--exec` has ended. */
      finished: (status: number): void => print({ type: 'result', ok: status === 0, status }),
    };
  }
  const output = quiet ? terminal.stderr : terminal.stdout;
  const style = createStyle(output, terminal.env);
  let isRunning = false;
  const isHeldBack = (): boolean => isRunning && !verbose;
  const lines = createRequestLines(output, style, { isHeldBack });
  return {
    ready(facts: DevFacts): void {
      if (!quiet) output.write(banner(facts, style, output));
      isRunning = quiet;
    },
    event: (event: DevEvent): void => lines.event(event),
    finished: (): void => lines.finish(),
  };
}

function banner(facts: DevFacts, style: Style, width: Width): string {
  const { url, emulatorUrl, apiKey, timeScale, faults } = facts;
  const idleLimitMs = facts.idleLimitMs ?? REGIONAL_IDLE_LIMIT_MS / (timeScale ?? 1);
  const scaled = `the ${formatSpan(idleLimitMs * (timeScale ?? 1))} of silence that end a stream are ${formatMs(idleLimitMs)} here`;
  const rows: [string, string][] = [
    ...(url ? [['Endpoint', url] as [string, string]] : []),
    ...(apiKey ? [['API key', apiKey] as [string, string]] : []),
    ['Agent', `${facts.agent} as ${facts.agentArn}`],
    ['AWS', `${emulatorUrl} in ${facts.region}`],
    ...(timeScale ? [['Time', `AGENTSTREAM_TIME_SCALE=${timeScale}: ${scaled}`] as [string, string]] : []),
    ...(faults?.length ? [['Faults', faults.join(', ')] as [string, string]] : []),
  ];
  const isDefault = emulatorUrl === `http://127.0.0.1:${DEV_DEFAULT_PORT}`;
  const line = (...words: CommandWords): string =>
    `${isDefault ? '' : `AGENTSTREAM_LOCAL=${emulatorUrl} `}${commandLine(['agentstream', ...words], {
      local: isDefault,
      stackName: facts.stackName === DEFAULT_STACK_NAME ? undefined : facts.stackName,
      region: facts.region === DEV_REGION ? undefined : facts.region,
    })}`;
  const attempt = url
    ? `\nTry it, in another terminal:\n  ${[
        ...settingsOf(facts),
        line('chat'),
        line('bench'),
        curlLine(url, curlAuth(facts.authMode, apiKey ?? '', facts.region, facts.tokenHeader), facts.headers),
      ].join('\n  ')}\n`
    : `\nDeploy to it:\n  AGENTSTREAM_LOCAL=${emulatorUrl}${timeScale ? ` AGENTSTREAM_TIME_SCALE=${timeScale}` : ''} agentstream deploy --agent-arn ${facts.agentArn}\n`;
  const { accessKeyId, secretAccessKey } = facts.credentials;
  const forSdks = `\nFor AWS SDKs and the AWS CLI, with the key of this run:\n  export ${[
    `AWS_ENDPOINT_URL=${emulatorUrl}`,
    `AWS_REGION=${facts.region}`,
    `AWS_ACCESS_KEY_ID=${accessKeyId}`,
    `AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
  ].join(' \\\n    ')}\n`;
  return `\n${style.bold('The whole chain runs on this machine.')}\n\n${keyValueLines(rows, '  ', width)}${attempt}${forSdks}\nCtrl-C stops it.\n\n`;
}

/** Exports of the variables that the curl line reads, for another terminal. */
function settingsOf({ authMode, token, credentials }: DevFacts): string[] {
  if (authMode === 'iam') return credentialLines({ credentials, isLocal: true });
  if (token) return [`export AGENTSTREAM_TOKEN=${token}`];
  // Only the person's authorizer knows what it takes.
  return authMode === 'lambda' ? ['export AGENTSTREAM_TOKEN=TOKEN'] : [];
}
