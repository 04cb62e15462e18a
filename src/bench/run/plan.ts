import * as v from 'valibot';
import type { Immutable } from '../../stream/metrics-schema.ts';
import { HOPS } from '../../stream/stream-part.ts';

const stageSchema = v.object({ durationMs: v.number(), level: v.number() });

/** The level goes in a straight line from where it was to `level` (k6: ramping executors). */
export type Stage = Immutable<v.InferOutput<typeof stageSchema>>;

const loadSchema = v.object({
  model: v.picklist(['closed', 'open']),
  /** Arrivals of the open model: at even intervals, or a Poisson process. */
  arrival: v.picklist(['constant', 'poisson']),
  /** Level before the first stage. */
  startLevel: v.number(),
  /** Empty: `startLevel` until `turns` are sent. */
  stages: v.array(stageSchema),
  /** Turns to each hop after which the run ends, warm-up not counted. */
  turns: v.exactOptional(v.number()),
});

/**
 * Closed: `level` is how many VUs there are, each sends its next turn when the last has ended. Open: `level` is turns per second
 * over all hops, on an absolute schedule that does not wait for answers.
 */
export type Load = Immutable<v.InferOutput<typeof loadSchema>>;

const sessionPolicySchema = v.variant('type', [
  v.object({ type: v.picklist(['new', 'per-vu', 'fixed']) }),
  v.object({ type: v.literal('resume'), restMs: v.number() }),
]);

/**
 * `new`: a session for each conversation. `per-vu`: a session for as many conversations as are in flight at once, used again when
 * one ends. `fixed`: one for each hop. `resume`: as `per-vu`, but a session rests for `restMs` before it is used again.
 */
export type SessionPolicy = Immutable<v.InferOutput<typeof sessionPolicySchema>>;

const pacesSchema = v.object({ turnsPerSecond: v.exactOptional(v.number()), newSessionsPerMinute: v.exactOptional(v.number()) });

/** Rates that the run stays below, over all hops together. Absent: no bound. */
export type Paces = Immutable<v.InferOutput<typeof pacesSchema>>;

/** A plan as reports have it: how many conversations there are, not what people wrote. */
export const planSchema = v.object({
  /** At least one, each once. */
  hops: v.array(v.picklist(HOPS)),
  load: loadSchema,
  /** Turns that are planned before this much of the run has passed are kept apart. They run at the load's first level. */
  warmupMs: v.number(),
  /** How long the end of the run waits for streams in flight. */
  graceMs: v.number(),
  conversations: v.number(),
  /** The function's own synthetic stream in place of the agent; `conversations` and `session` are ignored then. */
  probe: v.exactOptional(
    v.object({ count: v.number(), interval_ms: v.number(), size_bytes: v.number(), first_delay_ms: v.number() }),
  ),
  session: sessionPolicySchema,
  /** Sessions are left open until they time out. */
  keepsSessions: v.boolean(),
  paces: pacesSchema,
  /** AgentCore endpoint name, where it is not the stack's. */
  qualifier: v.exactOptional(v.string()),
  /** For arrival times and the order of the hops: the same seed gives the same schedule. */
  seed: v.number(),
  timers: v.object({
    connectMs: v.exactOptional(v.number()),
    firstByteMs: v.exactOptional(v.number()),
    silenceMs: v.exactOptional(v.number()),
    totalMs: v.exactOptional(v.number()),
  }),
});

/** A checked plan. Plain data, so that it can be posted to worker threads. Times are ms. */
export interface BenchPlan extends Omit<Immutable<v.InferOutput<typeof planSchema>>, 'conversations'> {
  /** Taken in turn; at least one. A conversation is one or more prompts, sent one after another in one session. */
  readonly conversations: readonly (readonly string[])[];
}
