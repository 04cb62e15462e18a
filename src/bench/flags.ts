import type { Command } from 'commander';
import type { SessionPolicy, Stage } from './run/plan.ts';
import { UsageError } from '../cli/errors.ts';
import {
  addEndpointFlags,
  type EndpointFlags,
  parseDuration,
  parseInteger,
} from '../cli/options.ts';
import { parseWord } from '../cli/flag-values.ts';
import {
  PROBE_DEFAULTS,
  PROBE_MAXIMA,
  type ProbeRequest,
  QUALIFIER_FORM,
  QUALIFIER_PATTERN,
} from '../protocol.ts';
import { type Hop, HOPS } from '../stream/stream-part.ts';

/** Flags of `bench`. Times are ms. */
export interface BenchFlags extends EndpointFlags {
  readonly vus?: number;
  readonly rate?: number;
  readonly poisson?: number;
  readonly duration?: number;
  readonly requests?: number;
  readonly stage?: readonly Stage[];
  readonly warmup: number;
  readonly grace: number;
  readonly timeout?: number;
  readonly prompt?: string;
  readonly prompts?: string;
  readonly replay?: string;
  readonly session: SessionPolicy;
  readonly hop: readonly Hop[];
  /** `true`: the defaults. */
  readonly probe?: Required<ProbeRequest> | true;
  readonly qualifier?: string;
  readonly ignoreLimits?: boolean;
  readonly keepSessions?: boolean;
  readonly seed?: number;
  readonly workers?: number;
  readonly maxLag: number;
  readonly selfTest: boolean;
  readonly pilot: boolean;
  readonly threshold?: readonly string[];
  readonly budget?: number;
  readonly price?: readonly string[];
  readonly yes?: boolean;
  readonly ndjson?: string;
  readonly html?: string;
  readonly markdown?: string;
}

/** A day: longer than any run, shorter than what a timer of Node.js can wait (24.8 days). */
const MAX_MS = 86_400_000;
const MAX_LEVEL = 100_000;

export function addBenchFlags(command: Command): Command {
  const time = (flag: string): ((text: string) => number) => parseDuration(flag, MAX_MS);
  return addEndpointFlags(command)
    .optionsGroup('Load:')
    .option(
      '--vus <n>',
      'virtual users: each sends its next turn when its last has ended (default: 1)',
      parseInteger('--vus', 0, MAX_LEVEL),
    )
    .option('--rate <n>', 'turns per second at even distances, whatever comes back', parseLevel)
    .option('--poisson <n>', 'turns per second on average, at random', parseLevel)
    .option('--duration <time>', 'how long turns are sent', time('--duration'))
    .option(
      '--requests <n>',
      'turns to each hop (default: 10 without --duration and --stage)',
      parseInteger('--requests', 1),
    )
    .option(
      '--stage <time:n>',
      'go evenly to n virtual users or turns per second; may be repeated',
      collectStage,
    )
    .option('--warmup <time>', 'turns before are kept out of the figures', time('--warmup'), 0)
    .option(
      '--grace <time>',
      'how long the end waits for streams in flight',
      time('--grace'),
      120_000,
    )
    .option('--timeout <time>', 'give a turn up after this (default: never)', time('--timeout'))
    .option(
      '--workers <n>',
      'threads (default: as many as the load needs)',
      parseInteger('--workers', 1, 64),
    )
    .option('--seed <n>', 'of arrival times and the order of hops', parseInteger('--seed', 0))
    .option('--ignore-limits', "do not stay below AgentCore's and the stack's own rates")
    .optionsGroup('What is sent:')
    .option('--prompt <text>', 'what to ask (default: "Say hello in one sentence.")')
    .option('--prompts <file>', 'a prompt a line, or NDJSON with "prompt" and "conversation"')
    .option('--replay <file>', 'the prompts of a recording, its sessions as conversations')
    .option(
      '--probe [settings]',
      "the function's own synthetic stream, no agent called: count=20,interval=100ms,size=0,first=0",
      parseProbe,
    )
    .option('--session <policy>', 'new | per-vu | fixed | resume:TIME', parseSessionPolicy, {
      type: 'per-vu',
    } satisfies SessionPolicy as SessionPolicy)
    .option('--keep-sessions', 'do not stop the sessions that the run opened')
    .option('--hop <hops>', 'api, lambda, agentcore: several are interleaved', parseHops, [
      'api',
    ] as readonly Hop[])
    .option(
      '--qualifier <name>',
      'AgentCore endpoint to call',
      parseWord('--qualifier', QUALIFIER_PATTERN, QUALIFIER_FORM),
    )
    .optionsGroup('Gates:')
    .option(
      '--threshold <rule>',
      "'ttfb.p95<800ms', 'maxGap<60s', 'ok>=99.5%': exit 99 when it does not hold; may be repeated",
      collect,
    )
    .option(
      '--max-lag <time>',
      'lateness of this client (p99) from which the run is invalid',
      time('--max-lag'),
      50,
    )
    .option('--no-self-test', 'leave out the loopback measurement of the own noise')
    .option('--no-pilot', 'begin without one turn to each hop that has to succeed')
    .option('--budget <usd>', 'ask when the estimate is above it, stop when the cost is', parseUsd)
    .option('--price <name=usd>', 'another price than the table has; may be repeated', collect)
    .option('--yes', 'do not ask')
    .optionsGroup('Output:')
    .option('--ndjson <file>', 'a line for each turn, as it ends')
    .option('--html <file>', 'the report as one offline page')
    .option('--markdown <file>', 'the report for a pull request');
}

function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

function collectStage(text: string, earlier: readonly Stage[] | undefined): readonly Stage[] {
  const [, time = '', level = ''] = /^([^:]+):([\d.]+)$/.exec(text) ?? [];
  if (level === '') {
    throw new UsageError('INVALID_STAGE', `not a stage: ${text}`, {
      hint: 'a time and a level: --stage 30s:50',
    });
  }
  const stage = { durationMs: parseDuration('--stage', MAX_MS)(time), level: parseLevel(level) };
  return [...(earlier ?? []), stage];
}

function parseLevel(text: string): number {
  const level = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (level >= 0 && level <= MAX_LEVEL) return level;
  throw new UsageError('INVALID_NUMBER', `not a rate: ${text}`, {
    hint: `a number from 0 to ${MAX_LEVEL}`,
  });
}

function parseUsd(text: string): number {
  const amount = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(amount)) return amount;
  throw new UsageError('INVALID_NUMBER', `not an amount in USD: ${text}`, { hint: '--budget 0.5' });
}

function parseHops(text: string): readonly Hop[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!HOPS.some((hop) => hop === name)) {
      throw new UsageError('INVALID_HOP', `not a hop: ${name}`, { hint: HOPS.join(', ') });
    }
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
    if (!member) {
      throw new UsageError('INVALID_PROBE', `not a setting of the probe: ${part}`, {
        hint: '--probe count=50,interval=100ms,size=0,first=0',
      });
    }
    const most = PROBE_MAXIMA[member];
    settings[member] = member.endsWith('_ms')
      ? parseDuration(`--probe ${name}`, most)(value)
      : parseInteger(`--probe ${name}`, member === 'count' ? 1 : 0, most)(value);
  }
  return settings;
}
