import type { WorkerShare } from './worker-share.ts';
import type { BenchPlan } from './plan.ts';
import type { RunClock } from './run-clock.ts';
import type { PlannedConversation } from './turn-sender.ts';

/**
 * Begins one worker's share of a plan's conversations. Settles when the turns that the plan counts are all on their way, or when it
 * will begin no more.
 */
export type LoadSource = (context: SourceContext) => Promise<void>;

export interface SourceContext {
  readonly plan: BenchPlan;
  readonly worker: WorkerShare;
  readonly clock: RunClock;
  /** Aborted at the end of the plan's time, too. */
  readonly sending: AbortSignal;
  /** Aborted when the run is given up before its end. */
  readonly interrupted: AbortSignal;
  /** Settles when the conversation is over, and never rejects. */
  readonly begin: (conversation: PlannedConversation) => Promise<void>;
}
