import autocannon from 'autocannon';
import { beforeAll, expect, test } from 'vitest';
import type { VerdictName } from '../../../src/bench/run/turn-kinds.ts';
import { benchUrl } from '../../helpers/bench-url.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { useTruth } from '../../helpers/use-truth.ts';

const server = useTruth();
beforeAll(async () => {
  // Code is compiled once: that is the client's lateness, not the way's.
  await benchUrl(server.url('probe-streaming'), loadPlan({ startLevel: 5, turns: 5 }, { probe }));
  await server.takeLog();
});

const TRIES = 20;
/** What the server does, whatever it is asked for. */
const probe = { count: 8, interval_ms: 300, size_bytes: 0, first_delay_ms: 0 };
const KINDS: readonly (readonly [scenario: string, verdict: VerdictName])[] = [
  ['probe-streaming', 'streaming'],
  ['probe-coalesced', 'coalesced'],
  ['probe-late', 'late first flush'],
  ['probe-buffered', 'buffered'],
];

test.each(KINDS)('%s is seen as %s each time', async (scenario, verdict) => {
  const url = server.url(scenario);
  const report = await benchUrl(url, loadPlan({ startLevel: TRIES, turns: TRIES }, { probe }));
  const truth = await server.takeLog();
  const peer = await autocannon({ url: `${url}/probe`, method: 'POST', connections: 10, amount: 10 });
  await server.takeLog();
  const writes = truth.reduce((sum, entry) => sum + entry.writes.length, 0) / truth.length;
  server.add({
    what: `8 events in ${writes} writes`,
    truth: `${verdict}, ${truth.length} times`,
    agentstream: report.summary.verdicts.map(({ name, count }) => `${name}, ${count}`).join('; '),
    autocannon: `- (${peer['2xx']} as 2xx)`,
  });
  expect(truth).toHaveLength(TRIES);
  expect(report.turns.map((turn) => turn.verdict?.name)).toEqual(Array.from({ length: TRIES }, () => verdict));
  if (verdict === 'coalesced') expect(report.turns[0]?.verdict?.eventsPerRead).toBeCloseTo(4, 0);
});

test('a throttle from 10 MB is seen in the byte curve', async () => {
  const url = server.url('throttle');
  const session = { session: { type: 'fixed' }, keepsSessions: true } as const;
  const report = await benchUrl(url, loadPlan({ startLevel: 1, turns: 2 }, session));
  const truth = await server.takeLog();
  const peer = await autocannon({ url: `${url}/invoke`, method: 'POST', connections: 1, amount: 2 });
  await server.takeLog();
  const [first] = truth;
  // Twenty writes a megabyte.
  const trueRate = (3e6 / ((first?.endedAt ?? 0) - (first?.writes[200] ?? 0))) * 1_000;
  const bandwidth = report.summary.headroom[0]?.bandwidth;
  server.add({
    what: '13 MB, throttled from 10 MB',
    truth: `${(trueRate / 1e6).toFixed(2)} MB/s from 10 MB`,
    agentstream: `${((bandwidth?.bytesPerSecond ?? 0) / 1e6).toFixed(2)} MB/s from ${(bandwidth?.fromBytes ?? 0) / 1e6} MB`,
    autocannon: `- (${(peer.throughput.total / 1e6).toFixed(0)} MB in all)`,
  });
  expect(bandwidth).toMatchObject({ throttled: 2, fromBytes: 10e6 });
  expect(Math.abs((bandwidth?.bytesPerSecond ?? 0) - trueRate)).toBeLessThan(0.1 * trueRate);
});
