import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { jsonLines, runCli } from '../helpers/run-cli.ts';

const ACCOUNT = '271828182845';
let chain: Chain;
beforeAll(async () => {
  chain = await startChain(createActingAgent(), { accountId: ACCOUNT, parameters: { AuthMode: 'api-key', RateLimit: '50' } });
});
afterAll(() => chain.close());

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'agentstream-'));
  folder = join(parent, 'load');
});
afterEach(() => rmSync(parent, { recursive: true }));

const run = (...args: string[]) =>
  runCli(['bench', 'export', 'artillery', folder, '--stack-name', 'chain', ...args], { env: chain.env });
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const settings = (): Record<string, Record<string, unknown>> =>
  JSON.parse(/const settings = (\{.*?\n\});/s.exec(read('processor.mjs'))?.[1] ?? '') as never;

describe('bench export artillery', () => {
  it('writes a test on the endpoint, and what to do next', async () => {
    const { exitCode, stdout, stderr } = await run('--vus', '4', '--requests', '20', '--prompt', 'hey');
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n').toSorted()).toEqual(
      readdirSync(folder)
        .map((name) => join(folder, name))
        .toSorted(),
    );
    expect(stderr).toContain(`next: cd ${folder} && npm install && npx artillery run test.yml; set AGENTSTREAM_API_KEY`);
    expect(stderr).toContain(`note: ${chain.url} is on this machine`);
    expect(parse(read('test.yml'))).toMatchObject({ config: { target: chain.url, phases: [{ arrivalCount: 4 }] } });
    expect(read('prompts.ndjson')).toBe('{"prompt":"hey"}\n');
    expect(settings()).toMatchObject({
      auth: { type: 'api-key' },
      hop: { hop: 'api', idleLimitMs: 300_000, streamLimitMs: 900_000 },
      plan: { load: { model: 'closed', startLevel: 4, turns: 20 }, paces: { turnsPerSecond: 50 } },
    });
  });

  it('writes no key, no ARN and no account down', async () => {
    await run('--api-key', 'a-key-of-twenty-chars');
    const key = await runCli(['status', '--stack-name', 'chain', '--show-key'], { env: chain.env });
    const text = readdirSync(folder).map(read).join('\n');
    expect(key.stdout.trim().length).toBeGreaterThan(10);
    for (const secret of [key.stdout.trim(), 'a-key-of-twenty-chars', 'arn:', ACCOUNT]) {
      expect(text).not.toContain(secret);
    }
    for (const secret of [chain.env['AWS_ACCESS_KEY_ID'], chain.env['AWS_SECRET_ACCESS_KEY']]) {
      expect(text).not.toContain(`"${secret}"`);
    }
  });

  it('shares the load and the limits among machines, and says what does not come out even', async () => {
    const { stdout } = await run('--vus', '10', '--duration', '1m', '--machines', '4', '--json');
    const result = jsonLines(stdout).at(-1);
    expect(result).toMatchObject({ type: 'result', ok: true, folder });
    expect(result?.['notes']).toContain('3 virtual users on each of 4 machines are 12, not 10');
    expect(settings()['plan']).toMatchObject({
      load: { startLevel: 3 },
      paces: { turnsPerSecond: 12.5, newSessionsPerMinute: 100 },
    });
    expect(read('README.md')).toContain('run-lambda --count 4 ');
  });

  it('says which threshold Artillery cannot judge', async () => {
    const { stderr } = await run('--threshold', 'ok>=99%', '--threshold', 'gap.p99<5s');
    expect(stderr).toContain('note: Artillery cannot judge gap.p99<5s; agentstream bench merge does');
    expect(stderr).not.toContain('cannot judge ok');
    expect(settings()['thresholds']).toEqual(['ok>=99%', 'gap.p99<5s']);
  });

  it('leaves a folder alone that is not empty, unless it is forced', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'mine'), 'mine');
    const refused = await run();
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('is not empty\nhint: another folder, or --force');
    expect(readdirSync(folder)).toEqual(['mine']);
    expect(await run('--force')).toMatchObject({ exitCode: 0 });
    expect(readdirSync(folder)).toContain('test.yml');
    expect(read('mine')).toBe('mine');
  });

  it.each([
    [['--hop', 'api,lambda'], 'the hop lambda cannot be exported'],
    [['--html', 'report.html'], '--html belongs to a run of bench'],
    [['--poisson', '2.5', '--duration', '10s'], 'not 2.5 per second'],
    [['--threshold', 'ttfb<soon'], 'not a threshold'],
    [['--rate', '51', '--duration', '10s'], 'above the limit of 50'],
    [['--machines', '0'], '--machines takes a whole number from 1'],
  ])('refuses %j, and writes nothing', async (flags, message) => {
    const { exitCode, stderr } = await run(...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(folder)).toBe(false);
  });
});
