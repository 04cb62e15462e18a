import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { BenchReport } from '../../src/bench/figures/report.ts';
import { type ActingAgent, createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { reportLines, simulateRun } from '../helpers/bench-report.ts';
import { jsonLines, runCli } from '../helpers/run-cli.ts';

let agent: ActingAgent;
let chain: Chain;
let folder: string;
beforeAll(async () => {
  agent = createActingAgent();
  chain = await startChain(agent, { parameters: { RateLimit: '1000', BurstLimit: '1000' } });
});
afterAll(() => chain.close());
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'agentstream-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * Runs a bench and keeps its document. How slow this machine is does not matter: the chain runs in this thread, too, and leaves its
 * event loop no rest on a busy machine, for which `--max-lag` has no bound.
 */
async function saved(name: string, ...load: string[]): Promise<string> {
  const path = join(folder, name);
  const args = ['bench', '--stack-name', 'chain', '--no-self-test', '--max-lag', '1h', '--json'];
  const { stdout } = await runCli([...args, ...load], { env: chain.env });
  const [document] = jsonLines(stdout) as unknown as { report: BenchReport }[];
  const clients = document?.report.clients.map((client) => ({ ...client, busy: 0 }));
  writeFileSync(path, JSON.stringify({ ...document, report: { ...document?.report, clients } }));
  return path;
}

it('says that a slower agent is worse, and nothing of one that is not', async () => {
  const wait = (ms: number) => (): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
  agent.on('quick', { acts: [{ write: 'data: "there"\n\n' }] });
  agent.on('slow', { answerAfter: wait(1_000), acts: [{ write: 'data: "there"\n\n' }] });
  const load = ['--vus', '8', '--requests', '40'];
  const quick = await saved('quick.json', ...load, '--prompt', 'quick');
  const slow = await saved('slow.json', ...load, '--prompt', 'slow');

  const worse = await runCli(['bench', 'compare', quick, slow, '--json']);
  expect(worse.exitCode).toBe(99);
  expect(jsonLines(worse.stdout)).toMatchObject([{ ok: false, error: { code: 'WORSE' }, comparison: { verdict: 'worse' } }]);
  const better = await runCli(['bench', 'compare', slow, quick]);
  expect(better.exitCode).toBe(0);
  expect(better.stdout).toContain('better');
  expect((await runCli(['bench', 'compare', quick, quick, '--min-effect', '50%'])).exitCode).toBe(0);
  expect((await runCli(['bench', 'compare', quick, quick, '--min-effect', '10000%'])).exitCode).toBe(2);
});

it('cannot judge a few turns', async () => {
  const few = await saved('few.json', '--requests', '3');
  const result = await runCli(['bench', 'compare', few, few, '--json']);
  expect(result.exitCode).toBe(3);
  expect(jsonLines(result.stdout)).toMatchObject([{ ok: false, error: { code: 'CANNOT_JUDGE' } }]);
});

it('merges the documents and the lines of several runs', async () => {
  const ndjson = join(folder, 'b.ndjson');
  const html = join(folder, 'merged.html');
  const a = await saved('a.json', '--requests', '3');
  const b = await saved('b.json', '--requests', '3', '--ndjson', ndjson);
  const twice = await runCli(['bench', 'merge', b, ndjson]);
  expect([twice.exitCode, twice.stderr]).toEqual([2, expect.stringContaining('is there twice')]);
  const merged = await runCli(['bench', 'merge', a, ndjson, '--json', '--html', html]);
  const [result] = jsonLines(merged.stdout) as unknown as { report: BenchReport }[];
  expect(result?.report.summary.counts).toMatchObject({ sent: 6, ok: 6 });
  expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/i);
});

it('says of a run whose client was too slow that it is not valid', async () => {
  const file = join(folder, 'slow-client.ndjson');
  const clients = [{ loopDelayP99Ms: 900, loopDelayMaxMs: 1_500, busy: 0.99 }];
  writeFileSync(file, [...reportLines(simulateRun({ rounds: 5, clients }))].join(''));
  const result = await runCli(['bench', 'merge', file, '--json']);
  expect(jsonLines(result.stdout)).toMatchObject([{ ok: false, error: { code: 'INVALID_RUN' } }]);
  expect(result.exitCode).toBe(3);
});

it.each([
  ['a file that is not there', 'nowhere.json', undefined, 'could not read'],
  ['another file', 'other.json', '{"name":"x"}', 'is not a report'],
])('refuses %s', async (_what, name, text, message) => {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  for (const args of [
    ['merge', path],
    ['compare', path, path],
  ]) {
    const result = await runCli(['bench', ...args]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(message);
  }
});
