import { type Command, Option } from 'commander';
import type { SessionPolicy, Stage } from './run/plan.ts';
import { collect, parseDuration, parseInteger, parseWord } from '../cli/flag-values.ts';
import { addEndpointFlags, type EndpointFlags } from '../cli/options.ts';
import {
  PROBE_DEFAULTS,
  PROBE_MAX_DURATION_MS,
  PROBE_MAXIMA,
  probeDurationMs,
  type ProbeRequest,
  QUALIFIER_FORM,
  QUALIFIER_PATTERN,
} from '../protocol.ts';
import { formatSpan } from '../ui/format.ts';
import { type Hop, HOPS } from '../stream/stream-part.ts';
import { UsageError } from '../cli/errors.ts';

type Given<Names extends string, Value> = { readonly [Name in Names]?: Value };

/** Flags of `bench`. Times are ms; `z` is `duration` by oha's name. */
export interface BenchFlags
  extends
    EndpointFlags,
    Given<'vus' | 'rate' | 'poisson' | 'duration' | 'z' | 'requests' | 'timeout' | 'seed' | 'workers' | 'budget', number>,
    Given<'prompt' | 'prompts' | 'replay' | 'qualifier' | 'ndjson' | 'html' | 'markdown', string>,
    Given<'ignoreLimits' | 'keepSessions' | 'yes' | 'full', boolean>,
    Given<'threshold' | 'price', readonly string[]> {
  readonly stage?: readonly Stage[];
  readonly warmup: number;
  readonly grace: number;
  readonly session: SessionPolicy;
  readonly hop: readonly Hop[];
  /** `true`: the defaults. */
  readonly probe?: Required<ProbeRequest> | true;
  readonly maxLag: number;
  readonly selfTest: boolean;
  readonly pilot: boolean;
}

/** Turns to each hop where nothing else says when a run ends: enough for p95. */
export const DEFAULT_TURNS = 25;
export const DEFAULT_PROMPT = 'Say hello in one sentence.';

export function addBenchFlags(command: Command): Command {
  const time = (flag: string): ((text: string) => number) => parseDuration(flag, MAX_MS);
  /** An option with a default as people write it. */
  const option = (flags: string, text: string, parse: (text: string) => unknown, by: string) =>
    command.createOption(flags, text).argParser(parse).default(parse(by), by);
  return addEndpointFlags(command)
    .optionsGroup('Load:')
    .option(
      '-c, --vus <n>',
      'virtual users; each sends its next turn when its last one has ended (default: 1)',
      parseInteger('--vus', 0, MAX_LEVEL),
    )
    .option('--rate <n>', 'turns per second at even intervals, however long the answers take', parseLevel)
    .option('--poisson <n>', 'turns per second on average, at random intervals', parseLevel)
    .option('-d, --duration <time>', 'how long to send turns, such as 2m; -z is the same', time('--duration'))
    .addOption(new Option('-z <time>').argParser(time('-z')).hideHelp())
    .option(
      '-n, --requests <n>',
      `number of turns to each hop (default: ${DEFAULT_TURNS}, or as many as the thresholds need)`,
      parseInteger('--requests', 1),
    )
    .option(
      '--stage <time:n>',
      'ramp to n virtual users or turns per second within this time, such as 1m:20; repeatable',
      collectStage,
    )
    .addOption(
      option('--warmup <time>', 'keep the turns of the beginning out of the figures, such as 30s', time('--warmup'), '0'),
    )
    .addOption(option('--grace <time>', 'how long to wait for open streams at the end', time('--grace'), '2m'))
    .option('--timeout <time>', 'abort a turn after this time, such as 5m (default: never)', time('--timeout'))
    .option('--workers <n>', 'threads that send (default: as many as the load needs)', parseInteger('--workers', 1, 64))
    .option('--seed <n>', 'number that makes arrival times and the order of hops repeatable', parseInteger('--seed', 0))
    .option('--ignore-limits', 'exceed the rate limits of AgentCore and the stack')
    .optionsGroup('Requests:')
    .option('--prompt <text>', `prompt of every turn (default: "${DEFAULT_PROMPT}")`)
    .option('--prompts <file>', 'file with one prompt per line, or NDJSON with "prompt" and "conversation"')
    .option('--replay <file>', 'send the prompts of a recording again; a recorded session becomes a conversation')
    .option(
      '--probe [settings]',
      `stream synthetic events from the function and call no agent (default: ${PROBE_TEXT})`,
      parseProbe,
    )
    .addOption(
      option('--session <policy>', 'sessions of the turns: new, per-vu, fixed, or resume:30s', parseSessionPolicy, 'per-vu'),
    )
    .option('--keep-sessions', 'leave the sessions that the run opened alive')
    .addOption(option('--hop <hops>', `hops to measure, interleaved, such as ${HOPS.join(',')}`, parseHops, 'api'))
    .option(
      '--qualifier <name>',
      'AgentCore endpoint to call, such as prod',
      parseWord('--qualifier', QUALIFIER_PATTERN, QUALIFIER_FORM),
    )
    .optionsGroup('Thresholds and budget:')
    .option(
      '--threshold <rule>',
      "exit 99 unless this holds, such as 'ttfb.p95<800ms', 'maxGap<60s' or 'ok>=99.5%'; repeatable",
      collect,
    )
    .addOption(
      option('--max-lag <time>', 'declare the run invalid when this client lags by more (p99)', time('--max-lag'), '50ms'),
    )
    .option('--no-self-test', "skip measuring this client's own noise over loopback")
    .option('--no-pilot', 'skip the first turn to each hop, which has to succeed before the load begins')
    .option('--budget <usd>', 'ask when the estimated cost exceeds this amount, and stop when the cost does', parseUsd)
    .option('--price <name=usd>', 'replace a list price, such as inputTokensMillion=3; repeatable', collect)
    .option('--yes', 'do not ask')
    .optionsGroup('Output:')
    .option('--full', 'print every figure: all percentiles, histograms, limits, outcomes, cost by part')
    .option('--ndjson <file>', 'write a line for each turn as it ends')
    .option('--html <file>', 'write the report as one HTML page that needs no network')
    .option('--markdown <file>', 'write the report as Markdown, for a pull request');
}

// How the flags of bench read their values. Each throws a UsageError with the wrong value and an example.

/** A day: longer than any run, shorter than what a timer of Node.js can wait (24.8 days). */
const MAX_MS = 86_400_000;
const MAX_LEVEL = 100_000;

/** The probe without settings, as a flag would ask for it. */
const PROBE_TEXT = `count=${PROBE_DEFAULTS.count},interval=${PROBE_DEFAULTS.interval_ms}ms,size=${PROBE_DEFAULTS.size_bytes},first=${PROBE_DEFAULTS.first_delay_ms}`;

function collectStage(text: string, earlier: readonly Stage[] | undefined): readonly Stage[] {
  const [, time = '', level = ''] = /^([^:]+):([\d.]+)$/.exec(text) ?? [];
  if (level === '') throw new UsageError('INVALID_STAGE', `not a stage: ${text}`, { hint: 'a time and a level: --stage 30s:50' });
  const stage = { durationMs: parseDuration('--stage', MAX_MS)(time), level: parseLevel(level) };
  return [...(earlier ?? []), stage];
}

function parseDecimal(what: string, hint: string, most: number): (text: string) => number {
  return (text) => {
    if (/^\d+(\.\d+)?$/.test(text) && Number(text) <= most) return Number(text);
    throw new UsageError('INVALID_NUMBER', `not ${what}: ${text}`, { hint });
  };
}

const parseLevel = parseDecimal('a rate', `a number from 0 to ${MAX_LEVEL}`, MAX_LEVEL);
const parseUsd = parseDecimal('an amount in USD', '--budget 0.5', Number.MAX_VALUE);

function parseHops(text: string): readonly Hop[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!HOPS.some((hop) => hop === name)) throw new UsageError('INVALID_HOP', `not a hop: ${name}`, { hint: HOPS.join(', ') });
  }
  return HOPS.filter((hop) => names.includes(hop));
}

function parseSessionPolicy(text: string): SessionPolicy {
  if (text === 'new' || text === 'per-vu' || text === 'fixed') return { type: text };
  const [, rest] = /^resume:(.+)$/.exec(text) ?? [];
  if (rest) return { type: 'resume', restMs: parseDuration('--session resume:', MAX_MS)(rest) };
  throw new UsageError('INVALID_SESSION_POLICY', `not a session policy: ${text}`, {
    hint: 'new, per-vu, fixed, or resume: and a rest such as resume:30s',
  });
}

const PROBE_MEMBERS: Readonly<Record<string, keyof ProbeRequest>> = {
  count: 'count',
  interval: 'interval_ms',
  size: 'size_bytes',
  first: 'first_delay_ms',
};

function parseProbe(text: string): Required<ProbeRequest> {
  const settings: Record<keyof ProbeRequest, number> = { ...PROBE_DEFAULTS };
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=');
    const member = Object.hasOwn(PROBE_MEMBERS, name) ? PROBE_MEMBERS[name] : undefined;
    if (!member) throw new UsageError('INVALID_PROBE', `not a setting of the probe: ${part}`, { hint: `--probe ${PROBE_TEXT}` });
    const most = PROBE_MAXIMA[member];
    settings[member] = member.endsWith('_ms')
      ? parseDuration(`--probe ${name}`, most)(value)
      : parseInteger(`--probe ${name}`, member === 'count' ? 1 : 0, most)(value);
  }
  const durationMs = probeDurationMs(settings);
  if (durationMs > PROBE_MAX_DURATION_MS) {
    throw new UsageError('INVALID_PROBE', `the probe would last ${formatSpan(durationMs)}: ${text}`, {
      hint: `at most ${formatSpan(PROBE_MAX_DURATION_MS)}: fewer events, or less time between them`,
    });
  }
  return settings;
}
