import { LIST_PRICES } from '../../src/bench/figures/cost.ts';
import type { RunFacts } from '../../src/bench/figures/report-schema.ts';
import { type BenchReport, REPORT_SCHEMA } from '../../src/bench/figures/report.ts';
import { summarize } from '../../src/bench/figures/summarize.ts';
import { createClientDriver } from '../../src/bench/run/client-driver.ts';
import type { BenchPlan } from '../../src/bench/run/plan.ts';
import { createApiGatewayTransport } from '../../src/endpoint/api-gateway.ts';
import { runPlan } from './run-plan.ts';

export interface BenchUrlOptions {
  /** Of the endpoint: smaller than AWS's, so that no test waits for minutes. */
  readonly idleLimitMs?: number;
  /** As `--max-lag`. */
  readonly maxLagMs?: number;
  /** Interrupts the run. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a plan against a URL through the product's own client and sums it up, as `bench` does.
 * @returns the report, and when the load started by the monotonic clock, ms
 */
export async function benchUrl(
  url: string,
  plan: BenchPlan,
  { idleLimitMs, maxLagMs = 50, signal }: BenchUrlOptions = {},
): Promise<BenchReport & { readonly startAt: number }> {
  const transport = createApiGatewayTransport({ url, auth: { type: 'none' } });
  const connection = { transport, idleLimitMs, close: () => transport.close() };
  const driver = createClientDriver(new Map([['api', connection]]), undefined);
  const { records: turns, results, startAt } = await runPlan(plan, driver, signal && { signal });
  await transport.close();
  const { conversations, ...rest } = plan;
  const run: RunFacts = {
    startedAt: new Date().toISOString(),
    durationMs: Math.max(...results.map(({ durationMs }) => durationMs)),
    sendingMs: Math.max(...results.map(({ sendingMs }) => sendingMs)),
    plan: { ...rest, conversations: conversations.length },
    hops: [{ hop: 'api', ...(idleLimitMs !== undefined && { idleLimitMs }) }],
    versions: { agentstream: 'test', node: process.versions.node },
    sessions: { opened: 0, stopped: 0, left: 0 },
    unsent: results.reduce((sum, { unsent }) => sum + unsent, 0),
    prices: LIST_PRICES,
    thresholds: [],
    maxLagMs,
  };
  const parts = { run, clients: results.map(({ client }) => client), turns };
  return { schema: REPORT_SCHEMA, ...parts, summary: summarize(parts), startAt };
}
