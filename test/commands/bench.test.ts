import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BenchReport } from '../../src/bench/figures/report.ts';
import { main } from '../../src/cli.ts';
import { type ActingAgent, createActingAgent } from '../helpers/acting-agent.ts';
import { AGENT_ARN, type Chain, startChain } from '../helpers/chain.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { type CliResult, jsonLines, runCli } from '../helpers/run-cli.ts';

let agent: ActingAgent;
let chain: Chain;
let folder: string;
beforeAll(async () => {
  agent = createActingAgent();
  agent.on('broken', { acts: [{ write: 'data: "half"\n\n' }, { die: true }] });
  agent.on('endless', { acts: [{ write: 'data: "begun"\n\n' }, { wait: new Promise(() => undefined) }] });
  chain = await startChain(agent, { parameters: { AuthMode: 'api-key', RateLimit: '1000', BurstLimit: '1000' } });
});
afterAll(() => chain.close());
beforeEach(() => {
  agent.invocations.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** This machine may be slow while it runs the tests: only the tests of validity are about that. */
const LENIENT = ['--no-self-test', '--max-lag', '1h'];

const bench = (...args: string[]): Promise<CliResult> =>
  runCli(['bench', '--stack-name', 'chain', ...LENIENT, ...args], { env: chain.env });

interface Document {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly message: string };
  readonly report: BenchReport;
}

async function document(...args: string[]): Promise<Document & { readonly exitCode: number }> {
  const { stdout, exitCode } = await bench(...args, '--json');
  const lines = jsonLines(stdout);
  expect(lines).toHaveLength(1);
  return { ...(lines[0] as unknown as Document), exitCode };
}

const promptsSeen = (): string[] =>
  agent.invocations.map(({ payload }) => (JSON.parse(payload.toString('utf8')) as { prompt: string }).prompt);

describe('a run', () => {
  it('is one document with --json: each turn, and what they come to', async () => {
    const { exitCode, ok, report } = await document('--vus', '2', '--requests', '6');
    expect({ exitCode, ok }).toEqual({ exitCode: 0, ok: true });
    expect(report.schema).toBe('agentstream-bench/2');
    expect(report.summary.counts).toMatchObject({ sent: 6, ok: 6, failed: 0, unfinished: 0 });
    expect(report.turns.map(({ phase }) => phase).sort()).toEqual([...Array.from({ length: 6 }, () => 'measured'), 'pilot']);
    expect(new Set(report.turns.map(({ index }) => index)).size).toBe(7);
    expect(report.run.hops).toEqual([{ hop: 'api', idleLimitMs: 300_000, streamLimitMs: 900_000, memoryMb: 512 }]);
    const classes = report.summary.groups.map((group) => [group.class, group.turns]);
    // Two users, two sessions. Whether one of their turns met a new environment is Lambda's affair.
    expect(classes.reduce((sum, [, turns]) => sum + Number(turns), 0)).toBe(6);
    expect(new Set(report.turns.map(({ session }) => session)).size).toBe(3);
  });

  it('names no key, no ARN, no prompt and no session in its document', async () => {
    const { stdout } = await bench('--requests', '2', '--prompt', 'a private matter', '--json');
    const sessions = agent.invocations.map(({ sessionId }) => sessionId);
    expect(sessions.length).toBeGreaterThan(1);
    for (const secret of [AGENT_ARN, 'a private matter', ':000000000000:', ...sessions]) {
      expect(stdout).not.toContain(secret);
    }
  });

  it('is a report for people without --json', async () => {
    const { exitCode, stdout, stderr } = await bench('--requests', '3');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\n3 turns in [^]*all ok; first byte [^]*\.\n$/);
    expect(stdout).toMatch(/^chain in us-east-1, 127\.0\.0\.1:\d+\n/);
    expect(stderr).toMatch(/^about 3 turns to api, about \$0\.\d+ at list prices/);
  });

  it('sends to several hops in turn and says what each adds', async () => {
    const { report } = await document('--hop', 'api,lambda,agentcore', '--requests', '8');
    const counts = report.run.hops.map(
      ({ hop }) => report.turns.filter((turn) => turn.hop === hop && turn.phase === 'measured').length,
    );
    expect(counts).toEqual([8, 8, 8]);
    expect(report.summary.differences.map(({ what, metric, n }) => [what, metric, n])).toEqual(
      expect.arrayContaining([
        ['API Gateway', 'ttfb', expect.any(Number)],
        ['Lambda', 'ttft', expect.any(Number)],
      ]),
    );
  });

  it('sends an open load on its schedule', async () => {
    const { report } = await document('--rate', '50', '--requests', '10', '--seed', '1');
    const planned = report.turns
      .filter(({ phase }) => phase === 'measured')
      .map(({ plannedMs }) => plannedMs ?? Number.NaN)
      .sort((a, b) => a - b);
    const steps = planned.slice(1).map((ms, index) => Math.round(ms - (planned[index] ?? 0)));
    expect(steps).toEqual(Array.from({ length: 9 }, () => 20));
  });

  it('judges the stream of the probe without an agent', async () => {
    const { report } = await document('--probe', 'count=5,interval=20ms', '--requests', '4');
    expect(agent.invocations).toHaveLength(0);
    expect(report.summary.verdicts.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  });

  it('opens a session for each turn when asked to, and stops every one', async () => {
    const { report } = await document('--session', 'new', '--requests', '4');
    const sessions = agent.invocations.map(({ sessionId }) => sessionId);
    expect(new Set(sessions).size).toBe(5);
    expect(report.run.sessions).toEqual({ opened: 5, stopped: 5, left: 0 });
  });
});

describe('what is sent', () => {
  it('is the prompts of a file, those of a conversation in one session', async () => {
    const file = join(folder, 'prompts');
    writeFileSync(file, '{"prompt":"one","conversation":1}\n{"prompt":"two","conversation":1}\nalone\n');
    await document('--prompts', file, '--requests', '3', '--session', 'new', '--no-pilot');
    expect(promptsSeen()).toEqual(['one', 'two', 'alone']);
    const [one, two, alone] = agent.invocations.map(({ sessionId }) => sessionId);
    expect(one).toBe(two);
    expect(alone).not.toBe(one);
  });

  it('is the prompts of a recording', async () => {
    const file = join(folder, 'turns.ndjson');
    for (const prompt of ['first', 'second']) {
      const args = ['invoke', '--stack-name', 'chain', '--record', file, prompt];
      expect((await runCli(args, { env: chain.env })).exitCode).toBe(0);
    }
    agent.invocations.length = 0;
    await document('--replay', file, '--requests', '4', '--no-pilot');
    expect(promptsSeen()).toEqual(['first', 'second', 'first', 'second']);
    // As `bench --record` once wrote it.
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, lines.map((line) => line.replace(/"request":\{[^}]*\},?/, '').replace(',}', '}')).join('\n'));
    const without = await bench('--replay', file, '--json');
    expect(jsonLines(without.stdout)).toMatchObject([{ ok: false, error: { code: 'NO_PROMPT' } }]);
  });
});

describe('files', () => {
  it('get a line for each turn, a page, and a table for a pull request', async () => {
    const [ndjson = '', html = '', markdown = ''] = ['a.ndjson', 'a.html', 'a.md'].map((name) => join(folder, name));
    const files = ['--ndjson', ndjson, '--html', html, '--markdown', markdown];
    const { stderr } = await bench('--requests', '3', ...files);
    const lines = jsonLines(readFileSync(ndjson, 'utf8'));
    expect(lines.filter(({ type }) => type === 'turn')).toHaveLength(4);
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/i);
    expect(readFileSync(markdown, 'utf8')).toContain('ttfb');
    expect(stderr).toContain(`report: ${html}`);
  });

  it('that cannot be written are found before anything is sent', async () => {
    const result = await bench('--html', join(folder, 'no', 'such', 'folder.html'));
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('could not write');
    expect(agent.invocations).toHaveLength(0);
  });

  it('are kept as they are when the run fails before its load', async () => {
    const html = join(folder, 'kept.html');
    writeFileSync(html, 'the report of last week');
    expect((await bench('--prompt', 'broken', '--html', html)).exitCode).toBe(1);
    expect(readFileSync(html, 'utf8')).toBe('the report of last week');
    expect(existsSync(html)).toBe(true);
  });
});

describe('exit codes', () => {
  it('1: the first turn fails, and nothing more is sent', async () => {
    const result = await bench('--prompt', 'broken', '--requests', '50');
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('the first turn, which --no-pilot skips, failed');
    expect(agent.invocations).toHaveLength(1);
  });

  it('1: no stream is ok', async () => {
    const result = await document('--prompt', 'broken', '--requests', '3', '--no-pilot');
    expect(result).toMatchObject({ exitCode: 1, ok: false, error: { code: 'NO_GOOD_STREAM' } });
    expect(result.report.summary.counts).toMatchObject({ sent: 3, ok: 0, failed: 3 });
    const judged = await document('--prompt', 'broken', '--requests', '3', '--no-pilot', '--threshold', 'ok>1%');
    expect(judged).toMatchObject({ exitCode: 99, error: { code: 'THRESHOLD_FAILED' } });
  });

  it.each([
    ['--vus 2 --rate 3', 'exclude each other'],
    ['--threshold ttfb.p95<800', '800 what?'],
    ['--threshold ttfb.p99<10s --requests 5', '101 turns to each hop, and the load has 5'],
    ['--price rent=3', 'not a price'],
  ])('2: %s', async (args, message) => {
    const result = await bench(...args.split(' '));
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(message);
    expect(agent.invocations).toHaveLength(0);
  });

  it('3: this client was too slow for what was asked of it', async () => {
    const { exitCode, stdout } = await bench('--requests', '5', '--max-lag', '0');
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^INVALID/m);
    expect(stdout).not.toMatch(/ttfb\s+\d/);
  });

  it('3: too few turns for the percentile of a threshold', async () => {
    const result = await document('--duration', '200ms', '--threshold', 'ttfb{resumed}.p99<10s');
    expect(result).toMatchObject({ exitCode: 3, error: { code: 'TOO_FEW_TURNS' } });
  });

  it('99: a threshold does not hold, 0 when all do', async () => {
    const failed = ['--threshold', 'ok>=99%', '--threshold', 'ttfb.max<0.001ms'];
    const result = await document('--requests', '3', ...failed);
    expect(result).toMatchObject({ exitCode: 99, error: { code: 'THRESHOLD_FAILED' } });
    expect(result.error?.message).toContain('ttfb.max<0.001ms');
    expect(result.error?.message).not.toContain('ok>=99%');
    expect((await bench('--requests', '3', '--threshold', 'ok>=99%')).exitCode).toBe(0);
  });

  it('130: Ctrl-C gives the report so far and stops the agents', async () => {
    agent.stopped.length = 0;
    const terminal = createMemoryTerminal({ env: chain.env });
    const args = ['bench', '--stack-name', 'chain', ...LENIENT, '--no-pilot', '--json'];
    const running = main([...args, '--prompt', 'endless', '--vus', '2'], terminal);
    await expect.poll(() => agent.invocations.length, { timeout: 60_000 }).toBe(2);
    terminal.interrupt();
    expect(await running).toBe(130);
    const [result] = jsonLines(terminal.text.stdout) as unknown as Document[];
    expect(result?.error).toMatchObject({ code: 'ABORTED' });
    expect(result?.report.run.stoppedBy).toBe('interrupt');
    expect(result?.report.summary.counts).toMatchObject({ sent: 2, cancelled: 2 });
    expect(agent.stopped).toHaveLength(2);
  });
});

describe('the budget', () => {
  it('asks before the load, and without a terminal says what to add', async () => {
    const result = await bench('--requests', '100', '--budget', '0.0001');
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('--yes');
    expect(agent.invocations).toHaveLength(1);
  });

  it('ends the run when it is used up', async () => {
    const { report } = await document('--requests', '200', '--budget', '0.00003', '--yes');
    expect(report.run.stoppedBy).toBe('budget');
    expect(report.summary.counts.sent).toBeLessThan(100);
  });

  it('counts the pilot', async () => {
    const prices = ['--price', 'apiGatewayRequest=1', '--budget', '2.5'];
    const { report } = await document('--vus', '1', '--requests', '9', ...prices, '--yes');
    expect(report.turns.map(({ phase }) => phase)).toEqual(['pilot', 'measured', 'measured']);
  });
});
