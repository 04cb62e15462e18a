import { HOPS } from '../../stream/stream-part.ts';
import { isJsonObject } from '../../agent-events/json-value.ts';
import { TURN_CLASSES, type TurnPhase, type TurnRecord } from '../run/turn-record.ts';
import type { VerdictName } from '../run/probe-verdict.ts';

/** @returns what is wrong with a value of a document, or undefined. `path` says where it is */
export type Rule = (value: unknown, path: string) => string | undefined;

const number: Rule = (value, path) =>
  typeof value === 'number' ? undefined : `${path} is not a number`;

const string: Rule = (value, path) =>
  typeof value === 'string' ? undefined : `${path} is not a string`;

const oneOf =
  (words: readonly string[]): Rule =>
  (value, path) =>
    words.includes(value as string) ? undefined : `${path} is none of ${words.join(', ')}`;

const optional =
  (rule: Rule): Rule =>
  (value, path) =>
    value === undefined ? undefined : rule(value, path);

const listOf =
  (rule: Rule): Rule =>
  (value, path) => {
    if (!Array.isArray(value)) return `${path} is not a list`;
    for (const [index, item] of value.entries()) {
      const fault = rule(item, `${path}[${index}]`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };

const object =
  (members: Readonly<Record<string, Rule>>): Rule =>
  (value, path) => {
    if (!isJsonObject(value)) return `${path} is not an object`;
    for (const [name, rule] of Object.entries(members)) {
      const fault = rule(value[name], `${path}.${name}`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };

const PHASES = Object.keys({
  pilot: 0,
  warmup: 0,
  measured: 0,
} satisfies Record<TurnPhase, 0>);

const OUTCOMES = Object.keys({
  ok: 0,
  'http-error': 0,
  'gateway-error': 0,
  'error-event': 0,
  'no-terminal': 0,
  reset: 0,
  'idle-cut': 0,
  'cap-cut': 0,
  'client-timeout': 0,
  cancelled: 0,
  unfinished: 0,
} satisfies Record<TurnRecord['outcome'], 0>);

const VERDICTS = Object.keys({
  streaming: 0,
  coalesced: 0,
  'late first flush': 0,
  buffered: 0,
} satisfies Record<VerdictName, 0>);

const histogram = object({ count: number, maxMs: number, buckets: listOf(listOf(number)) });

const metrics = object({
  headersMs: optional(number),
  ttfbMs: optional(number),
  ttfeMs: optional(number),
  ttftMs: optional(number),
  durationMs: number,
  maxGapMs: number,
  maxGapAtMs: number,
  gaps: object({
    histogram,
    top: listOf(object({ ms: number, atMs: number, after: string })),
  }),
  maxContentGapMs: number,
  contentGaps: histogram,
  reads: number,
  bytes: number,
  megabyteMs: listOf(number),
  events: number,
  heartbeats: number,
  textEvents: number,
});

const trace = object({
  readMs: listOf(number),
  bytes: listOf(number),
  eventMs: listOf(number),
  eventTypes: listOf(string),
});

/** A turn, as far as figures and charts read it. */
export const turnRule: Rule = object({
  index: number,
  phase: oneOf(PHASES),
  hop: oneOf(HOPS),
  class: oneOf(TURN_CLASSES),
  pair: number,
  session: optional(number),
  plannedMs: optional(number),
  sentMs: number,
  latenessMs: number,
  heldMs: number,
  outcome: oneOf(OUTCOMES),
  status: optional(number),
  code: optional(string),
  metrics,
  initMs: optional(number),
  agentMs: optional(number),
  tokens: optional(object({ input: number, output: number })),
  verdict: optional(
    object({
      name: oneOf(VERDICTS),
      eventsPerRead: number,
      coalesced: number,
      firstLagMs: number,
      medianLagMs: number,
    }),
  ),
  trace: optional(trace),
});

export const clientRule: Rule = object({
  loopDelayP99Ms: number,
  loopDelayMaxMs: number,
  busy: number,
});

/** Facts of a run; what is known at its end only may be absent. */
export const runRule: Rule = object({
  startedAt: (value, path) =>
    Number.isNaN(Date.parse(String(value))) ? `${path} is not a date` : undefined,
  durationMs: optional(number),
  sendingMs: optional(number),
  plan: object({
    hops: listOf(oneOf(HOPS)),
    load: object({
      model: oneOf(['closed', 'open']),
      startLevel: number,
      stages: listOf(object({ durationMs: number, level: number })),
      turns: optional(number),
    }),
    warmupMs: number,
    graceMs: number,
    conversations: number,
    session: object({ type: string }),
    paces: object({}),
    seed: number,
    timers: object({}),
  }),
  hops: listOf(
    object({
      hop: oneOf(HOPS),
      idleLimitMs: optional(number),
      streamLimitMs: optional(number),
      memoryMb: optional(number),
    }),
  ),
  versions: object({ agentstream: string, node: string }),
  noiseFloor: optional(
    object({ stampErrorP50Ms: number, stampErrorP99Ms: number, ttfbP50Ms: number }),
  ),
  sessions: optional(object({ opened: number, stopped: number, left: number })),
  prices: object({ asOf: string, region: string, lambdaGbSecond: number }),
  thresholds: listOf(string),
  maxLagMs: number,
});
