/** How a probe's stream came through. */
export type VerdictName = 'streaming' | 'coalesced' | 'late first flush' | 'buffered';

export interface ProbeVerdict {
  readonly name: VerdictName;
  /** Events a read, among the events that the sender had spaced: 1 when each came alone. */
  readonly eventsPerRead: number;
  /** Share of the spaced events that shared a read with the one before, 0 to 1. */
  readonly coalesced: number;
  /** How much later than the quickest event the first one came, by the sender's stamps, ms. */
  readonly firstLagMs: number;
  /** Median of the same over all events, ms. */
  readonly medianLagMs: number;
}
