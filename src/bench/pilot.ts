import type { LoadDriver } from './run/load-driver.ts';
import type { BenchPlan } from './run/plan.ts';
import { monotonicNow } from './run/run-clock.ts';
import { runLoad } from './run/run-load.ts';
import type { SessionCounts } from './run/sessions.ts';
import type { TurnRecord } from './run/turn-record.ts';
import type { AgentstreamError } from '../cli/errors.ts';
import { closeHops, createClientDriver, openHops } from './run/client-driver.ts';
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
  const connections = await openHops(plan, target);
  const failed = new AbortController();
  let failure: AgentstreamError | undefined;
  const client = createClientDriver(connections, plan.qualifier);
  const driver: LoadDriver = {
    ...client,
    async send(turn, flight) {
      const sent = await client.send(turn, flight);
      failure ??= sent.failure;
      if (failure) failed.abort();
      return sent;
    },
  };
  const turns: TurnRecord[] = [];
  try {
    const { sessions } = await runLoad(pilotPlan(plan), {
      driver,
      worker: { index: 0, count: 1, firstIndex: 0 },
      startAt: monotonicNow(),
      signal: AbortSignal.any([signal, failed.signal]),
      onTurn: (record) => turns.push({ ...record, phase: 'pilot' }),
    }).result;
    if (failure) throw failure;
    return { turns, sessions };
  } finally {
    await closeHops(connections);
  }
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
