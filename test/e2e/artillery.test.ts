import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BenchReport } from '../../src/bench/figures/report.ts';
import type { TurnRecord } from '../../src/bench/run/turn-record.ts';
import { type ActingAgent, createActingAgent, createGate } from '../helpers/acting-agent.ts';
import { artillery, exportTest, runTest } from '../helpers/artillery.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { jsonLines, runCli } from '../helpers/run-cli.ts';
import { type Served, serveHttp } from '../endpoint/serve.ts';

/** Idle streams are cut after 300 s / 100. */
const TIME_SCALE = '100';
const PAUSE_MS = 600;
/** No machine is too slow for this test. */
const FLAGS = ['--stack-name', 'chain', '--max-lag', '1h'];
const event = (text: string) => ({ write: `data: ${JSON.stringify(text)}\n\n` });

let agent: ActingAgent;
let chain: Chain;
let key: string;
/** How long each pause of the agent really was, ms. */
const pauses: number[] = [];

beforeAll(async () => {
  if (!artillery) return;
  agent = createActingAgent();
  agent.on('pauses', {
    acts: [
      event('one'),
      {
        wait: async () => {
          const before = performance.now();
          await sleep(PAUSE_MS);
          pauses.push(performance.now() - before);
        },
      },
      event('two'),
    ],
  });
  agent.on('falls silent', { acts: [event('one'), { wait: createGate().promise }] });
  agent.on('dies', { acts: [event('one'), { die: true }] });
  chain = await startChain(agent, { timeScale: Number(TIME_SCALE), parameters: { AuthMode: 'api-key', HeartbeatMs: '0' } });
  chain.env['AGENTSTREAM_TIME_SCALE'] = TIME_SCALE;
  const { stdout } = await runCli(['status', '--stack-name', 'chain', '--show-key'], { env: chain.env });
  key = stdout.trim();
});
afterAll(() => chain?.close());

let folder: string;
let served: Served | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
});
afterEach(() => {
  served?.close();
  served = undefined;
  rmSync(folder, { recursive: true });
});

interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

/** What Artillery itself reports. */
function readReport(path: string): {
  readonly counters: Readonly<Record<string, number>>;
  readonly histograms: Readonly<Record<string, Histogram>>;
} {
  return JSON.parse(readFileSync(join(path, 'report.json'), 'utf8')).aggregate;
}

async function merge(files: readonly string[]): Promise<BenchReport> {
  const { stdout } = await runCli(['bench', 'merge', ...files, '--json']);
  return jsonLines(stdout).at(-1)?.['report'] as BenchReport;
}

const filesIn = (path: string): string[] => readdirSync(path).map((name) => join(path, name));

/** As Artillery rounds. */
function histogramOf(values: readonly number[]): Histogram {
  const round = (value: number): number => Math.round(value * 10) / 10;
  return {
    min: round(Math.min(...values)),
    max: round(Math.max(...values)),
    mean: round(values.reduce((sum, value) => sum + value, 0) / values.length),
    count: values.length,
  };
}

/** The value at p50 by nearest rank. */
const median = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1];

const sessionsStarted = (): number => chain.events.filter(({ type }) => type === 'session-start').length;
const stopsAnswered = (): number =>
  chain.events.filter((seen) => seen.type === 'endpoint-request' && seen.method === 'DELETE' && seen.status === 200).length;

test.skipIf(!artillery)(
  'closed: Artillery’s figures, the exact report and what the agent did are the same',
  async () => {
    const promptFile = join(folder, 'prompts');
    const prompts = [
      { prompt: 'pauses' },
      { prompt: 'pauses', conversation: 'long' },
      { prompt: 'at once', conversation: 'long' },
      { prompt: 'falls silent' },
      { prompt: 'dies' },
    ];
    writeFileSync(promptFile, prompts.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const path = join(folder, 'closed');
    const load = ['--vus', '2', '--requests', '10', '--prompts', promptFile];
    await exportTest(path, [...FLAGS, ...load, '--threshold', 'ok>=95%'], chain.env);
    const run = await runTest(path, { AGENTSTREAM_API_KEY: key, AGENTSTREAM_TURNS: 'turns' });

    // The threshold does not hold.
    expect(run).toMatchObject({ exitCode: 1 });
    expect(run.output).toContain('fail: agentstream.outcome.ok / agentstream.turns * 100 >= 95');
    const { counters, histograms } = readReport(path);
    const { turns, summary, run: facts } = await merge(filesIn(join(path, 'turns')));
    const asked = agent.invocations.map(({ payload }) => (JSON.parse(String(payload)) as { prompt: string }).prompt);
    expect(asked).toHaveLength(10);
    expect(counters).toMatchObject({
      'agentstream.turns': 10,
      'agentstream.outcome.ok': 6,
      'agentstream.outcome.idle-cut': 2,
      'agentstream.outcome.error-event': 2,
      'agentstream.failed': 4,
      'vusers.created': 2,
    });
    expect(counters['errors.idle-cut']).toBe(2);
    expect(counters['errors.error-event']).toBe(2);
    expect(counters['vusers.failed']).toBeGreaterThan(0);
    const of = (outcome: TurnRecord['outcome']) => turns.filter((turn) => turn.outcome === outcome);
    expect([of('ok'), of('idle-cut'), of('error-event')].map(({ length }) => length)).toEqual([6, 2, 2]);
    expect(summary.thresholds).toMatchObject([{ threshold: 'ok>=95%', result: 'fail' }]);

    // Every figure of Artillery is that of the turns.
    for (const { class: name, ok, ttfb, duration } of summary.groups) {
      expect(counters[`agentstream.good.${name}`]).toBe(ok);
      if (ok === 0) continue;
      const good = of('ok').filter((turn) => turn.class === name);
      const ttfbs = good.flatMap(({ metrics }) => metrics.ttfbMs ?? []);
      expect(histograms[`agentstream.ttfb.${name}`]).toMatchObject(histogramOf(ttfbs));
      expect(ttfb).toMatchObject({ n: good.length, p50: median(ttfbs), max: Math.max(...ttfbs) });
      const durations = good.map(({ metrics }) => metrics.durationMs);
      expect(histograms[`agentstream.duration.${name}`]).toMatchObject(histogramOf(durations));
      expect(duration).toMatchObject({ n: good.length, p50: median(durations) });
    }
    const gaps = turns.map(({ metrics }) => metrics.maxGapMs);
    expect(histograms['agentstream.max_gap']).toMatchObject(histogramOf(gaps));

    // And the turns are what the agent did.
    expect(pauses).toHaveLength(4);
    const long = of('ok')
      .map(({ metrics }) => metrics.gaps.histogram.maxMs)
      .filter((ms) => ms > PAUSE_MS / 2);
    expect(long).toHaveLength(4);
    // A turn is silent for as long as its agent was, or longer on the way.
    const [silences, shortest] = [long, pauses].map((each) => each.toSorted((a, b) => a - b));
    for (const [index, ms] of (silences ?? []).entries()) expect(ms).toBeGreaterThan((shortest?.[index] ?? 0) - 50);
    expect(facts).toMatchObject({ hops: [{ hop: 'api', idleLimitMs: 3_000 }] });
    // Silent and dead ones are not used again, and none is left.
    expect(facts.sessions).toMatchObject({ opened: sessionsStarted(), stopped: sessionsStarted(), left: 0 });
    expect(stopsAnswered()).toBe(sessionsStarted());
    expect(agent.stopped.filter((prompt) => prompt === 'falls silent')).toHaveLength(2);
  },
  90_000,
);

test.skipIf(!artillery)(
  'open: two machines share a load, and their turns come together over S3',
  async () => {
    const bodies = new Map<string, Buffer>();
    served = await serveHttp((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bodies.set(request.url ?? '', Buffer.concat(chunks));
        response.end();
      });
    });
    const path = join(folder, 'open');
    const load = ['--rate', '4', '--duration', '1500ms', '--warmup', '1s', '--session', 'new'];
    await exportTest(path, [...FLAGS, ...load, '--machines', '2'], chain.env);
    const other = join(folder, 'other');
    mkdirSync(other);
    for (const name of readdirSync(path)) symlinkSync(join(path, name), join(other, name));
    const [asked, sessions, stops] = [agent.invocations.length, sessionsStarted(), stopsAnswered()];
    const env = {
      AGENTSTREAM_API_KEY: key,
      AGENTSTREAM_TURNS: 's3://bucket/runs/1',
      AWS_ENDPOINT_URL_S3: served.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'machine',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const runs = await Promise.all([runTest(path, env), runTest(other, env)]);

    for (const run of runs) expect(run).toMatchObject({ exitCode: 0 });
    for (const machine of [path, other]) {
      const { counters } = readReport(machine);
      const turns = Number(counters['agentstream.turns']);
      // Which side of the end of the warm-up the turn in the middle falls on is a matter of milliseconds.
      expect([2, 3]).toContain(turns);
      expect(counters).toMatchObject({
        'agentstream.outcome.ok': turns,
        'agentstream.warmup': 5 - turns,
        'vusers.created': 5,
        'vusers.completed': 5,
        'vusers.failed': 0,
      });
    }
    expect(bodies.size).toBeGreaterThan(0);
    for (const url of bodies.keys()) expect(url).toMatch(/^\/bucket\/runs\/1\/turns-[-\w]+\.ndjson$/);
    const files = [...bodies.values()].map((body, index) => {
      const file = join(folder, `${index}.ndjson`);
      writeFileSync(file, body);
      return file;
    });
    const { summary, run, clients } = await merge(files);
    expect(clients).toHaveLength(2);
    const { sent, ok, warmup } = summary.counts;
    expect([ok, sent + warmup]).toEqual([sent, 10]);
    expect(agent.invocations.length - asked).toBe(10);
    expect(run.sessions).toEqual({ opened: 10, stopped: 10, left: 0 });
    expect([sessionsStarted() - sessions, stopsAnswered() - stops]).toEqual([10, 10]);
  },
  90_000,
);
