import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { roundTimes } from '../../../src/bench/run/run-clock.ts';
import { planArrivals } from '../../../src/bench/run/schedule.ts';
import type { BenchPlan } from '../../../src/bench/run/plan.ts';
import type { BenchRun } from '../../../src/bench/run/run-bench.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { type Spawned, spawnNode } from '../../helpers/spawned.ts';
import { type Answer, EVENT_STREAM, startTurnServer, type TurnServer } from '../../helpers/turn-server.ts';

const SCRIPT = fileURLToPath(new URL('../../helpers/bench-in-workers.mjs', import.meta.url));

let server: TurnServer | undefined;
let spawned: Spawned | undefined;
afterEach(() => {
  spawned?.child.kill();
  server?.close();
});

interface ToldRun extends BenchRun {
  readonly told: readonly number[];
  readonly threads: number;
}

const runInThree = async (
  plan: BenchPlan,
  options: { readonly interruptAfter?: number; readonly killAfter?: number } = {},
  answer?: Answer,
): Promise<{ readonly run: ToldRun; readonly served: TurnServer }> => {
  server = await startTurnServer(answer);
  const task = JSON.stringify({ plan, url: server.url, workers: 3, ...options });
  spawned = spawnNode([SCRIPT, task]);
  const { exit, text } = spawned;
  expect([await exit, text.stderr]).toEqual([0, '']);
  return { run: JSON.parse(text.stdout) as ToldRun, served: server };
};

const unique = (list: readonly unknown[]): number => new Set(list).size;

test('three threads send exactly the turns of the plan, each told once; every session is stopped once', async () => {
  const { run, served } = await runInThree(loadPlan({ startLevel: 7, turns: 100 }, { session: { type: 'new' } }));
  expect(run.threads).toBe(3);
  expect([run.turns.length, served.turns.length]).toEqual([100, 100]);
  expect([unique(run.turns.map(({ index }) => index)), unique(run.told)]).toEqual([100, 100]);
  expect(unique(run.turns.map(({ pair }) => pair))).toBe(100);
  expect(unique(run.turns.map(({ session }) => session))).toBe(100);
  expect(served.stopped.toSorted()).toEqual(served.turns.map(({ body }) => body.session_id ?? '').toSorted());
  expect(run.sessions).toEqual({ opened: 100, stopped: 100, left: 0 });
  expect(run.clients).toHaveLength(3);
  expect(run.failure).toBeUndefined();
  expect(run.turns.filter(({ trace }) => trace).length).toBeLessThanOrEqual(8);
  expect(run.turns.filter(({ trace }) => trace).length).toBeGreaterThanOrEqual(3);
});

test('three threads share one schedule and one clock', async () => {
  const stages = [{ durationMs: 1_000, level: 60 }];
  const plan = loadPlan({ model: 'open', arrival: 'poisson', startLevel: 60, stages });
  const { run } = await runInThree(plan);
  const planned = run.turns.map(({ plannedMs = Number.NaN }) => plannedMs);
  expect(planned.toSorted((a, b) => a - b)).toEqual(roundTimes([...planArrivals(plan)].map(({ plannedMs }) => plannedMs)));
  for (const { plannedMs = 0, sentMs } of run.turns) {
    expect(sentMs).toBeGreaterThanOrEqual(plannedMs - 0.1);
  }
});

const hang: Answer = (response, _turn, number) => {
  response.writeHead(200, EVENT_STREAM);
  response.write('data: "begun"\n\n');
  if (number < 10) response.end();
};

test('an interrupt reaches every thread, and nothing is lost', async () => {
  const plan = loadPlan({ startLevel: 6, turns: 1_000 });
  const { run, served } = await runInThree(plan, { interruptAfter: 10 }, hang);
  const outcomes = run.turns.map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(10);
  expect(outcomes.filter((outcome) => outcome === 'cancelled')).toHaveLength(run.turns.length - 10);
  expect(run.turns.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(served.turns.length);
  expect(served.turns.length).toBeLessThanOrEqual(run.turns.length);
  expect(run.clients).toHaveLength(3);
});

test('a thread that dies is said so; what it had told and what the others have is kept', async () => {
  const plan = loadPlan({ startLevel: 6, turns: 1_000 });
  const { run } = await runInThree(plan, { killAfter: 10 }, hang);
  expect(run.failure).toMatchObject({ code: 'WORKER_DIED' });
  expect(run.failure?.message).toMatch(/^thread 2 of the load died/);
  expect(run.clients).toHaveLength(2);
  expect(run.turns.filter(({ outcome }) => outcome === 'ok')).toHaveLength(10);
  expect(unique(run.turns.map(({ index }) => index))).toBe(run.turns.length);
});
