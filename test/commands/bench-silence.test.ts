import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BenchReport } from '../../src/bench/figures/report.ts';
import { EVENT_STREAM, startTurnServer, type TurnServer } from '../helpers/turn-server.ts';
import { jsonLines, runCli } from '../helpers/run-cli.ts';

let server: TurnServer | undefined;
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'agentstream-'))));
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true });
});

/**
 * Text at once, then work behind the last event, then a clean end. The work takes longer than all that the command does before, however
 * slow this machine is; the first turn has none, and lets the command load its modules.
 */
async function serveTail(): Promise<{ readonly url: string; begin(): void }> {
  let startedAt = 0;
  server = await startTurnServer((response, _turn, number) => {
    response.writeHead(200, EVENT_STREAM);
    response.write('data: "Two "\n\ndata: "words"\n\n', () => {
      setTimeout(() => response.end(), number === 0 ? 0 : 200 + 3 * (performance.now() - startedAt));
    });
  });
  return { url: server.url, begin: () => void (startedAt = performance.now()) };
}

/** Text at once, and no end. */
async function serveEndless(): Promise<string> {
  server = await startTurnServer((response) => {
    response.writeHead(200, EVENT_STREAM);
    response.write('data: "Two words"\n\n');
  });
  return server.url;
}

const BENCH = ['--requests', '1', '--no-pilot', '--no-self-test', '--max-lag', '1h'];

async function bench(...args: string[]): Promise<{ readonly exitCode: number; readonly report: BenchReport }> {
  const { stdout, exitCode } = await runCli(['bench', ...args, '--json']);
  const [document] = jsonLines(stdout) as unknown as { readonly report: BenchReport }[];
  if (!document) throw new Error('there is no document');
  return { exitCode, report: document.report };
}

test('a silence behind the last event is one, of one size everywhere', async () => {
  const [html, markdown, ndjson] = ['x.html', 'x.md', 'x.ndjson'].map((name) => join(folder, name)) as [string, string, string];
  const { url, begin } = await serveTail();
  await bench('--url', url, ...BENCH);
  begin();
  const files = ['--html', html, '--markdown', markdown, '--ndjson', ndjson];
  const shown = await runCli(['bench', '--url', url, ...BENCH, ...files, '--threshold', 'maxGap<100ms', '--full']);
  expect(shown.exitCode).toBe(99);
  const merged = await runCli(['bench', 'merge', ndjson, '--json']);
  const [document] = jsonLines(merged.stdout) as unknown as { readonly report: BenchReport }[];
  const { turns, summary } = document?.report ?? {};
  const { maxGapMs = 0, lastByteMs = 0, durationMs } = turns?.[0]?.metrics ?? {};
  expect(lastByteMs + maxGapMs).toBeCloseTo(durationMs ?? 0, 2);
  const longest = { ms: maxGapMs, where: 'before-end', endedBy: 'end' };
  expect(summary?.silences[0]).toMatchObject(longest);
  expect(summary).toMatchObject({
    headroom: [{ longest }],
    groups: [{ maxGap: { max: maxGapMs }, gapHistogram: { count: (turns?.[0]?.metrics.reads ?? 0) + 1 } }],
  });
  for (const text of [shown.stdout, readFileSync(markdown, 'utf8'), readFileSync(html, 'utf8')]) {
    expect(text.replaceAll(/\s+/g, ' ')).toContain('before the end');
  }
});

test('invoke --stats knows the silence behind the last event', async () => {
  const { url, begin } = await serveTail();
  const args = ['invoke', '--url', url, '--stats', 'x'];
  await runCli(args);
  begin();
  const { stderr, stdout } = await runCli(args);
  expect(stdout).toBe('Two words\n');
  expect(stderr).toMatch(/ · longest silence \S+ \S+ before the end · /);
});

test.each([
  ['its own timeout', ['--timeout', '300ms'], 'client-timeout', 'client-timeout', 299],
  ['the end of the grace', ['--grace', '300ms'], 'unfinished', 'cancelled', 0],
] as const)('%s ends a silence', async (_what, args, outcome, endedBy, leastMs) => {
  const url = await serveEndless();
  const { report } = await bench('--url', url, ...BENCH, ...args);
  const [turn] = report.turns;
  expect(turn?.outcome).toBe(outcome);
  const { durationMs = 0, gaps } = turn?.metrics ?? {};
  const last = gaps?.top.find((silence) => silence.endedBy !== 'byte');
  expect(last).toMatchObject({ endedBy });
  expect((last?.atMs ?? 0) + (last?.ms ?? 0)).toBeCloseTo(durationMs, 2);
  expect(durationMs).toBeGreaterThanOrEqual(leastMs);
  expect(report.summary.groups[0]?.maxGap.n).toBe(1);
});
