import * as v from 'valibot';
import { OUTCOMES } from './outcome.ts';

// Import the types alone where nothing is parsed: to measure a stream needs no schema library.

/** The same, and nothing in it may be changed. */
export type Immutable<T> = { readonly [K in keyof T]: Immutable<T[K]> };

const gapHistogramSchema = v.object({
  count: v.number(),
  maxMs: v.number(),
  /** Bucket and how many gaps are in it, ascending; empty buckets are left out. */
  buckets: v.array(v.tuple([v.number(), v.number()])),
});

/** Log-linear: below 32 us exact, above with 32 buckets for each doubling, so that a value is known to 1 part in 32. */
export type GapHistogram = Immutable<v.InferOutput<typeof gapHistogramSchema>>;

const silenceSchema = v.object({
  ms: v.number(),
  /** When it began, ms since `sent`. */
  atMs: v.number(),
  /** Type of the event before; `none` when no event had come. */
  after: v.string(),
  /** `before-end`: no byte came any more, however the stream ended. */
  where: v.picklist(['before-first-byte', 'between-reads', 'before-end']),
  /** A byte, the clean end, a cut by the server or the network, a timer of this client, or the caller's cancellation. */
  endedBy: v.picklist(['byte', 'end', 'cut', 'client-timeout', 'cancelled']),
});

/** A time of one stream in which no byte came, as an idle timer sees it. */
export type StreamSilence = Immutable<v.InferOutput<typeof silenceSchema>>;

export const metricsSchema = v.object({
  outcome: v.picklist(OUTCOMES),
  /** Response headers. */
  headersMs: v.exactOptional(v.number()),
  /** First body byte. */
  ttfbMs: v.exactOptional(v.number()),
  /** First event that is not a comment. */
  ttfeMs: v.exactOptional(v.number()),
  /** First event with text in it. */
  ttftMs: v.exactOptional(v.number()),
  firstToolMs: v.exactOptional(v.number()),
  firstReasoningMs: v.exactOptional(v.number()),
  /** Last body byte. */
  lastByteMs: v.exactOptional(v.number()),
  /** To the end of the stream, or to the moment when it was known that there would be none: a cut, a timeout, a cancellation. */
  durationMs: v.number(),
  /** The longest silence, `gaps.top[0]`, and when it began. At least the idle limit when that cut the stream. */
  maxGapMs: v.number(),
  maxGapAtMs: v.number(),
  /** The gaps between two reads, and the five longest silences: gaps, the wait for the first byte, the time from the last byte on. */
  gaps: v.object({ histogram: gapHistogramSchema, top: v.array(silenceSchema) }),
  /** Longest time between two events with text, reasoning or a tool in them, which is what a person sees; and all such gaps. */
  maxContentGapMs: v.number(),
  contentGaps: gapHistogramSchema,
  reads: v.number(),
  bytes: v.number(),
  /** When each whole megabyte (10^6 bytes) of the body had come. Empty below the first. */
  megabyteMs: v.array(v.number()),
  /** Events except comments; a JSON document counts as one, each read of plain text as another. */
  events: v.number(),
  heartbeats: v.number(),
  textEvents: v.number(),
});

/** The figures of one stream. Times are ms since `sent`. */
export type StreamMetrics = Immutable<v.InferOutput<typeof metricsSchema>>;
