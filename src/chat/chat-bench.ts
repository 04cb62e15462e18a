import { randomInt } from 'node:crypto';
import type { BenchPlan } from '../bench/run/plan.ts';
import { toReport } from '../bench/bench-run.ts';
import { LIST_PRICES } from '../bench/figures/cost.ts';
import { setupOf } from '../bench/figures/report.ts';
import { toHopFacts, toTargetFacts } from '../bench/read-plan.ts';
import { AGENT_TURNS_PER_SECOND, NEW_SESSIONS_PER_MINUTE } from '../aws/limits.ts';
import type { ConnectionTarget } from '../endpoint/connection.ts';
import { runBench } from '../bench/run/run-bench.ts';
import type { Hop } from '../stream/stream-part.ts';
import { createBenchLive } from '../bench/report/live.ts';
import { sheetOf } from '../bench/report/drawings.ts';
import { renderScreen } from '../bench/report/one-screen.ts';
import { createStyle, type Output } from '../ui/terminal.ts';

const GRACE_MS = 120_000;
const MAX_LAG_MS = 50;

/**
 * Sends a prompt several times through the engine of `bench`, one after the other, each in a new session that is stopped afterwards.
 * @param output where the progress is shown; its width is the report's
 * @returns the report as text
 * @throws as `openConnection` does
 */
export async function benchPrompt(
  { prompt, hop, qualifier }: { readonly prompt: string; readonly hop: Hop; readonly qualifier: string | undefined },
  turns: number,
  target: ConnectionTarget,
  output: Output,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string> {
  const style = createStyle(output, env);
  const { turnsPerSecond: throttle = Infinity } = target.endpoint.stack ?? {};
  const turnsPerSecond = Math.min(AGENT_TURNS_PER_SECOND, throttle);
  const plan: BenchPlan = {
    hops: [hop],
    load: { model: 'closed', arrival: 'constant', startLevel: 1, stages: [], turns },
    warmupMs: 0,
    graceMs: GRACE_MS,
    conversations: [[prompt]],
    session: { type: 'new' },
    keepsSessions: false,
    paces: { turnsPerSecond, newSessionsPerMinute: NEW_SESSIONS_PER_MINUTE },
    ...(qualifier !== undefined && { qualifier }),
    seed: randomInt(2 ** 31),
    timers: {},
  };
  const hops = [toHopFacts(hop, target.endpoint)];
  const startedAt = new Date().toISOString();
  const live = createBenchLive(output, style, { graceMs: GRACE_MS, hops });
  try {
    const run = await runBench(plan, {
      ...target,
      workers: 1,
      signal,
      onTurn: (record) => live.turn(record),
      onProgress: (progress) => live.progress(progress),
    });
    const report = toReport(run, {
      startedAt,
      target: toTargetFacts(target.endpoint),
      hops,
      ...(signal.aborted && { stoppedBy: 'interrupt' as const }),
      prices: LIST_PRICES,
      thresholds: [],
      maxLagMs: MAX_LAG_MS,
      ...setupOf(plan),
    });
    live.stop();
    return renderScreen(report, sheetOf(output, env));
  } finally {
    live.stop();
  }
}
