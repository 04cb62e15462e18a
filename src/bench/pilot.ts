import type { BenchPlan } from './run/plan.ts';
import { monotonicNow } from './run/run-clock.ts';
import type { SessionCounts, TurnRecord } from './run/turn-record.ts';
import type { AgentstreamError } from '../cli/errors.ts';
import { openShare } from './run/client-driver.ts';
import type { ConnectionTarget } from '../endpoint/connection.ts';

export interface Pilot {
  /** One to each hop, `phase` pilot, `index` from 0. */
  readonly turns: readonly TurnRecord[];
  readonly sessions: SessionCounts;
}

/**
 * Sends the plan's first prompt, or one probe, to each hop, one after another: what would fail a thousand times fails once.
 * @throws as `openConnection` does; what the first turn that was not `ok` failed of
 */
export async function runPilot(plan: BenchPlan, target: ConnectionTarget, signal: AbortSignal): Promise<Pilot> {
  const failed = new AbortController();
  let failure: AgentstreamError | undefined;
  const turns: TurnRecord[] = [];
  const start = await openShare(pilotPlan(plan), target);
  const { sessions } = await start({
    worker: { index: 0, count: 1, firstIndex: 0 },
    startAt: monotonicNow(),
    signal: AbortSignal.any([signal, failed.signal]),
    onTurn(record, reason) {
      turns.push({ ...record, phase: 'pilot' });
      failure ??= reason;
      if (failure) failed.abort();
    },
  }).result;
  if (failure) throw failure;
  return { turns, sessions };
}

function pilotPlan(plan: BenchPlan): BenchPlan {
  return {
    ...plan,
    load: { model: 'closed', arrival: 'constant', startLevel: 1, stages: [], turns: 1 },
    warmupMs: 0,
    conversations: [plan.conversations[0]?.slice(0, 1) ?? []],
    session: { type: 'new' },
  };
}
