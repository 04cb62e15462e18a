import type { ProbeRequest } from '../../protocol.ts';
import type { Hop } from '../../stream/stream-part.ts';

/** What a run is to do, checked. Plain data: it goes to worker threads and into the report as it is. Times are ms. */
export interface BenchPlan {
  /** At least one, each once. */
  readonly hops: readonly Hop[];
  readonly load: Load;
  /** Turns that are planned before this much of the run has passed are kept apart. They run at the load's first level. */
  readonly warmupMs: number;
  /** How long the end of the run waits for streams in flight. */
  readonly graceMs: number;
  /** What is sent: a conversation is one or more prompts, sent one after another in one session. Taken in turn; at least one. */
  readonly conversations: readonly (readonly string[])[];
  /** The function's own synthetic stream in place of the agent; nothing of `conversations` and `session` is used then. */
  readonly probe?: Required<ProbeRequest>;
  readonly session: SessionPolicy;
  /** Sessions are left to end by themselves. */
  readonly keepsSessions: boolean;
  readonly paces: Paces;
  /** AgentCore endpoint name, where it is not the stack's. */
  readonly qualifier?: string;
  /** For arrival times and the order of the hops: the same seed gives the same schedule. */
  readonly seed: number;
  readonly timers: {
    readonly connectMs?: number;
    readonly firstByteMs?: number;
    readonly silenceMs?: number;
    readonly totalMs?: number;
  };
}

/**
 * Closed: `level` is how many virtual users there are, each sends its next turn when the last has ended. Open: `level` is turns
 * per second over all hops, on an absolute schedule that does not wait for answers.
 */
export interface Load {
  readonly model: 'closed' | 'open';
  /** Of the open model: at even distances, or a Poisson process. */
  readonly arrival: 'constant' | 'poisson';
  /** Level before the first stage. */
  readonly startLevel: number;
  /** Empty: `startLevel` until `turns` are sent. */
  readonly stages: readonly Stage[];
  /** Turns to each hop after which the run ends, warm-up not counted. */
  readonly turns?: number;
}

/** The level goes in a straight line from where it was to `level` (k6: ramping executors). */
export interface Stage {
  readonly durationMs: number;
  readonly level: number;
}

/**
 * `new`: a session for each conversation. `per-vu`: a session for as many conversations as are in flight at once, used again when
 * one ends. `fixed`: one for each hop. `resume`: as `per-vu`, but a session rests for `restMs` before it is used again.
 */
export type SessionPolicy =
  | { readonly type: 'new' | 'per-vu' | 'fixed' }
  | { readonly type: 'resume'; readonly restMs: number };

/** What the run keeps below, over all hops together. Absent: no bound. */
export interface Paces {
  readonly turnsPerSecond?: number;
  readonly newSessionsPerMinute?: number;
}
