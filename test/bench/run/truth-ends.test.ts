import autocannon from 'autocannon';
import { expect, test } from 'vitest';
import { benchUrl } from '../../helpers/bench-url.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { useTruth } from '../../helpers/use-truth.ts';

const server = useTruth();

const FIXED = { session: { type: 'fixed' }, keepsSessions: true } as const;
const TURNS = 60;

const cannon = async (scenario: string, options: Partial<autocannon.Options>) => {
  const url = `${server.url(scenario)}/invoke`;
  const result = await autocannon({ url, method: 'POST', connections: 10, ...options });
  const log = await server.takeLog();
  return { result, log };
};

const count = <T>(list: readonly T[], is: (one: T) => boolean): number => list.filter(is).length;

test('cut streams are found, all of them and no others', async () => {
  const url = server.url('cuts');
  const report = await benchUrl(url, loadPlan({ startLevel: 10, turns: TURNS }, FIXED));
  const truth = await server.takeLog();
  const peer = await cannon('cuts', { amount: TURNS });
  const cuts = count(truth, ({ end }) => end === 'cut');
  const found = report.summary.outcomes.find(({ outcome }) => outcome === 'reset');
  server.add({
    what: `streams cut in the middle, of ${TURNS}`,
    truth: `${cuts}`,
    agentstream: `${found?.count ?? 0} reset (${found?.code})`,
    autocannon: `${peer.result.errors} errors, ${peer.result['2xx']} as 2xx; truth ${count(peer.log, ({ end }) => end === 'cut')} of ${peer.log.length}`,
  });
  expect(cuts).toBe(TURNS / 3);
  expect(found).toMatchObject({ count: cuts, code: 'STREAM_CUT' });
  expect(report.summary.counts).toMatchObject({ sent: TURNS, ok: TURNS - cuts, failed: cuts });
  // What came before the cut is there.
  const reset = report.turns.filter(({ outcome }) => outcome === 'reset');
  expect(reset.map(({ metrics }) => metrics.textEvents)).toEqual(Array(cuts).fill(3));
});

test('streams with an error event in them are no good streams', async () => {
  const url = server.url('errors');
  const report = await benchUrl(url, loadPlan({ startLevel: 10, turns: TURNS }, FIXED));
  const truth = await server.takeLog();
  const peer = await cannon('errors', { amount: TURNS });
  const errors = count(truth, ({ isError }) => isError);
  const found = report.summary.outcomes.find(({ outcome }) => outcome === 'error-event');
  server.add({
    what: `streams with an error event, of ${TURNS}`,
    truth: `${errors}`,
    agentstream: `${found?.count ?? 0} error-event (${found?.code})`,
    autocannon: `${peer.result.errors} errors, ${peer.result['2xx']} as 2xx`,
  });
  expect(errors).toBe(TURNS / 4);
  expect(found).toMatchObject({ count: errors, code: 'AGENT_ERROR' });
  expect(report.summary.counts).toMatchObject({ sent: TURNS, ok: TURNS - errors });
});

test('streams that outlast the run are all there: with a long grace whole, with a short one unfinished', async () => {
  const url = server.url('long');
  const load = { model: 'open', startLevel: 20, stages: [{ durationMs: 1_000, level: 20 }] } as const;
  const patient = await benchUrl(url, loadPlan(load, FIXED));
  const whole = await server.takeLog();
  const hasty = await benchUrl(url, loadPlan(load, { ...FIXED, graceMs: 700 }));
  const begun = await server.takeLog();
  const peer = await cannon('long', { overallRate: 20, connections: 20, duration: 1 });
  server.add(
    {
      what: 'streams of 2.5 s in a run of 1 s, grace 10 s',
      truth: `${whole.length} begun`,
      agentstream: `${patient.summary.counts.ok} ok`,
      autocannon: `${peer.result['2xx']} counted of ${peer.log.length} begun`,
    },
    {
      what: 'the same, grace 0.7 s',
      truth: `${begun.length} begun`,
      agentstream: `${hasty.summary.counts.unfinished} unfinished`,
      autocannon: '-',
    },
  );
  expect([whole.length, begun.length]).toEqual([20, 20]);
  expect(patient.summary.counts).toMatchObject({ sent: 20, ok: 20, unfinished: 0 });
  expect(hasty.summary.counts).toMatchObject({ sent: 20, ok: 0, unfinished: 20, failed: 0 });
  // With what had come of them.
  const events = hasty.turns.map(({ metrics }) => metrics.textEvents);
  expect(Math.min(...events)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...events)).toBeLessThan(4);
});

test('a cut after silence is the idle limit, the same cut without a limit an accident', async () => {
  const url = server.url('idle-cut');
  const plan = loadPlan({ startLevel: 10, turns: 20 }, FIXED);
  const limited = await benchUrl(url, plan, { idleLimitMs: 1_000 });
  const truth = await server.takeLog();
  const unlimited = await benchUrl(url, plan);
  await server.takeLog();
  const peer = await cannon('idle-cut', { amount: 20 });
  const silences = truth.map(({ writes, endedAt }) => endedAt - (writes.at(-1) ?? 0));
  server.add({
    what: 'cut after 1.2 s of silence, limit 1 s',
    truth: `${truth.length} after ${Math.round(Math.min(...silences))} ms or more`,
    agentstream: limited.summary.outcomes.map((o) => `${o.count} ${o.outcome}`).join(),
    autocannon: `${peer.result.errors} errors, ${peer.result['2xx']} as 2xx`,
  });
  expect(Math.min(...silences)).toBeGreaterThanOrEqual(1_200);
  expect(limited.summary.outcomes).toMatchObject([{ outcome: 'idle-cut', count: 20 }]);
  expect(limited.summary.headroom[0]).toMatchObject({ idleCuts: 20, idleLevel: 'reached' });
  expect(unlimited.summary.outcomes).toMatchObject([{ outcome: 'reset', count: 20 }]);
});
