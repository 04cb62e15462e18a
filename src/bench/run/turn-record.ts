import * as v from 'valibot';
import { type Immutable, metricsSchema } from '../../stream/metrics-schema.ts';
import { HOPS } from '../../stream/stream-part.ts';
import { PROBE_VERDICTS, TURN_CLASSES, TURN_OUTCOMES, TURN_PHASES } from './turn-kinds.ts';

// The types of what a run writes down come from these schemas. Import the types alone where nothing is parsed: a run needs no
// schema library.

const numbers = v.array(v.number());

const verdictSchema = v.object({
  name: v.picklist(PROBE_VERDICTS),
  /** Events per read, among the events that the sender had spaced: 1 when each came alone. */
  eventsPerRead: v.number(),
  /** Share of the spaced events that shared a read with the one before, 0 to 1. */
  coalesced: v.number(),
  /** How much later than the quickest event the first one came, by the sender's stamps, ms. */
  firstLagMs: v.number(),
  /** Median of the same over all events, ms. */
  medianLagMs: v.number(),
});

/** How a probe's stream arrived. */
export type ProbeVerdict = Immutable<v.InferOutput<typeof verdictSchema>>;

const traceSchema = v.object({
  readMs: numbers,
  /** Bytes of the body up to and with each read. */
  bytes: numbers,
  eventMs: numbers,
  eventTypes: v.array(v.string()),
  truncated: v.boolean(),
});

/** Reads and events of one stream, ms since `sent`; three lists of one length, and two. Bounded: see `truncated`. */
export type StreamTrace = Immutable<v.InferOutput<typeof traceSchema>>;

export const turnSchema = v.object({
  /** Unique within the run. */
  index: v.number(),
  phase: v.picklist(TURN_PHASES),
  hop: v.picklist(HOPS),
  class: v.picklist(TURN_CLASSES),
  /** Turns of one interleaved round of the hops share it. */
  pair: v.number(),
  /** Number of the session within the run; absent for a probe. */
  session: v.exactOptional(v.number()),
  /** Open load only: when the schedule wanted it sent, ms since the start of the run. */
  plannedMs: v.exactOptional(v.number()),
  /** When it was sent, ms since the start of the run. */
  sentMs: v.number(),
  /** How much later it was sent than the client should have been able to: past the plan or past its own decision, ms. */
  latenessMs: v.number(),
  /** How long the client's own rate limits held it back, ms; not part of `latenessMs`. */
  heldMs: v.number(),
  outcome: v.picklist(TURN_OUTCOMES),
  /** HTTP status; absent when no answer came. */
  status: v.exactOptional(v.number()),
  /** Code of the failure, when the outcome is not `ok`: `THROTTLED`, `STREAM_CUT`, ... */
  code: v.exactOptional(v.string()),
  /** Its `outcome` says what ended the stream, and so is never `unfinished`. */
  metrics: metricsSchema,
  /** Server-Timing of the function, ms: how long its environment took to start, and when the agent had answered. */
  initMs: v.exactOptional(v.number()),
  agentMs: v.exactOptional(v.number()),
  /** Tokens by the stream's own usage events. */
  tokens: v.exactOptional(v.object({ input: v.number(), output: v.number() })),
  verdict: v.exactOptional(verdictSchema),
  /** Kept for a few turns only. */
  trace: v.exactOptional(traceSchema),
});

/** One turn of a run: a line of `--ndjson`, an element of the report. Holds no prompt, no answer, no session id. */
export type TurnRecord = Immutable<v.InferOutput<typeof turnSchema>>;

export const sessionsSchema = v.object({
  opened: v.number(),
  stopped: v.number(),
  /** Kept, or could not be stopped; AgentCore ends them after their timeout. */
  left: v.number(),
});

/** Sessions of a run. `opened` is the sum of the others. */
export type SessionCounts = Immutable<v.InferOutput<typeof sessionsSchema>>;

export const clientSchema = v.object({
  /** How late its event loop came to its timers, p99 and maximum, ms. */
  loopDelayP99Ms: v.number(),
  loopDelayMaxMs: v.number(),
  /** Share of the time that its event loop was busy, 0 to 1. */
  busy: v.number(),
});

/** How the measuring thread itself fared while it measured. */
export type ClientFacts = Immutable<v.InferOutput<typeof clientSchema>>;
