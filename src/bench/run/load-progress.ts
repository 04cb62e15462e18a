/** Where a run is: what the live view draws. */
export interface LoadProgress {
  readonly phase: 'warmup' | 'measured' | 'draining';
  /** Since the start of the load, ms. */
  readonly elapsedMs: number;
  /** Share of the plan that is done, 0 to 1: of its time or of its turns. */
  readonly done: number;
  /** Virtual users, or turns per second, at this moment. */
  readonly level: number;
  readonly sent: number;
  readonly inFlight: number;
}
