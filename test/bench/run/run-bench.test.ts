import { afterEach, expect, test } from 'vitest';
import type { LoadProgress } from '../../../src/bench/run/run-load.ts';
import { runPilot } from '../../../src/bench/bench-run.ts';
import { runBench } from '../../../src/bench/run/run-bench.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { urlTarget } from '../../helpers/open-hop.ts';
import { type Answer, EVENT_STREAM, startTurnServer, type TurnServer } from '../../helpers/turn-server.ts';

let server: TurnServer | undefined;
afterEach(() => server?.close());

const never = new AbortController().signal;
const serve = async (answer?: Answer) => {
  server = await startTurnServer(answer);
  const target = await urlTarget(server.url);
  return { server, target };
};

test('sends the prompts in their sessions and tells of each turn, of where it is and of its client', async () => {
  const { server: served, target } = await serve();
  const told: number[] = [];
  const progress: LoadProgress[] = [];
  const run = await runBench(loadPlan({ startLevel: 2, turns: 8 }, { conversations: [['a', 'b']], qualifier: 'blue' }), {
    ...target,
    workers: 1,
    signal: never,
    firstIndex: 3,
    onTurn: ({ index }) => told.push(index),
    onProgress: (now) => progress.push(now),
  });
  expect(told.toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  expect(run.turns.map(({ index }) => index)).toEqual(told);
  expect(new Set(run.turns.map(({ outcome, status }) => `${outcome} ${status}`))).toEqual(new Set(['ok 200']));
  expect(served.turns).toHaveLength(8);
  for (const { path, body } of served.turns) {
    expect([path, body.qualifier]).toEqual(['/invoke', 'blue']);
    expect(body.session_id).toMatch(/^[0-9a-f-]{36}$/);
  }
  const sessions = new Set(served.turns.map(({ body }) => body.session_id));
  expect(sessions.size).toBe(2);
  expect(new Set(served.stopped)).toEqual(sessions);
  expect(new Set(served.stopPaths)).toEqual(new Set(['/invoke?qualifier=blue']));
  expect(run.sessions).toEqual({ opened: 2, stopped: 2, left: 0 });
  expect(run.clients).toHaveLength(1);
  expect(run.failure).toBeUndefined();
  expect(progress.at(-1)).toMatchObject({ phase: 'draining', sent: 8, inFlight: 0, done: 1 });
});

test('keeps the traces of a few turns only', async () => {
  const { target } = await serve((response) => {
    response.writeHead(200, EVENT_STREAM);
    response.end('data: "a"\n\n: comment\n\ndata: {"type":"TOOL_CALL_START","toolCallName":"t"}\n\n');
  });
  const run = await runBench(loadPlan({ startLevel: 4, turns: 40 }), { ...target, workers: 1, signal: never });
  const traced = run.turns.filter(({ trace }) => trace);
  expect(run.turns).toHaveLength(40);
  expect(traced.length).toBeGreaterThanOrEqual(3);
  expect(traced.length).toBeLessThanOrEqual(8);
  for (const { trace, metrics } of traced) {
    expect(trace?.eventTypes).toEqual(['text-delta', 'heartbeat', 'tool-start']);
    expect(trace?.readMs[0]).toBeCloseTo(metrics.ttfbMs ?? 0, 2);
    expect(trace?.bytes.at(-1)).toBe(metrics.bytes);
  }
});

test('reads tokens and the code of a failure off the stream', async () => {
  const bodies = [
    'data: {"type":"RUN_STARTED"}\n\ndata: {"type":"RUN_FINISHED","usage":{"inputTokens":3,"outputTokens":4}}\n\n',
    'event: error\ndata: {"error":"slow down","code":"THROTTLED"}\n\n',
    'data: {"type":"RUN_STARTED"}\n\n',
  ];
  const { target } = await serve((response, _turn, number) => {
    if (number === 3) {
      response.writeHead(429, { 'content-type': 'application/json' });
      response.end('{"error":"too many","code":"QUOTA_EXCEEDED","requestId":"1"}');
      return;
    }
    response.writeHead(200, EVENT_STREAM);
    response.end(bodies[number]);
  });
  const run = await runBench(loadPlan({ turns: 4 }), { ...target, workers: 1, signal: never });
  expect(run.turns.map(({ outcome, code, status }) => [outcome, code, status])).toEqual([
    ['ok', undefined, 200],
    ['error-event', 'THROTTLED', 200],
    ['no-terminal', 'NO_TERMINAL', 200],
    ['http-error', 'QUOTA_EXCEEDED', 429],
  ]);
});

test('an interrupt gives what there is, and stops the sessions of what was in flight', async () => {
  const { server: served, target } = await serve((response, _turn, number) => {
    response.writeHead(200, EVENT_STREAM);
    response.write('data: "begun"\n\n');
    if (number < 3) response.end();
  });
  const interrupt = new AbortController();
  const running = runBench(loadPlan({ startLevel: 2, turns: 100 }), { ...target, workers: 1, signal: interrupt.signal });
  await expect.poll(() => served.turns.length).toBe(5);
  interrupt.abort();
  const run = await running;
  expect(run.turns.map(({ outcome }) => outcome).toSorted()).toEqual(['cancelled', 'cancelled', 'ok', 'ok', 'ok']);
  expect(new Set(served.stopped)).toEqual(new Set(served.turns.map(({ body }) => body.session_id)));
});

test('the way is refused before anything is sent', async () => {
  const { target } = await serve();
  const plan = loadPlan({ turns: 1 }, { hops: ['api', 'lambda'] });
  await expect(runBench(plan, { ...target, workers: 1, signal: never })).rejects.toMatchObject({ code: 'HOP_NEEDS_STACK' });
});

test('the pilot sends one turn, with the first prompt, and stops its session', async () => {
  const { server: served, target } = await serve();
  const plan = loadPlan(
    { model: 'open', startLevel: 100, stages: [{ durationMs: 60_000, level: 100 }] },
    { conversations: [['a', 'b'], ['c']], warmupMs: 5_000 },
  );
  const pilot = await runPilot(plan, target, never);
  expect(served.turns.map(({ body }) => body.prompt)).toEqual(['a']);
  expect(pilot.turns).toMatchObject([{ index: 0, phase: 'pilot', outcome: 'ok' }]);
  expect(pilot.sessions).toEqual({ opened: 1, stopped: 1, left: 0 });
  expect(served.stopped).toEqual(served.turns.map(({ body }) => body.session_id));
});

test("the pilot fails with its turn's own error", async () => {
  const { target } = await serve((response) => {
    response.writeHead(424, { 'content-type': 'application/json' });
    response.end('{"error":"the agent failed","code":"AGENT_ERROR","requestId":"1"}');
  });
  await expect(runPilot(loadPlan(), target, never)).rejects.toMatchObject({ code: 'AGENT_ERROR', exitCode: 1 });
});
