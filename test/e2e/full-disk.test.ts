import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { BIN } from '../helpers/spawned.ts';

const folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
let chain: Chain;
beforeAll(async () => {
  const agent = createActingAgent();
  agent.on('long', { acts: [{ write: `data: ${JSON.stringify('x'.repeat(5_000))}\n\n` }] });
  agent.on('broken', { acts: [{ write: 'data: "half"\n\n' }, { die: true }] });
  chain = await startChain(agent, { parameters: { RateLimit: '1000', BurstLimit: '1000' } });
});
afterAll(async () => {
  await chain.close();
  rmSync(folder, { recursive: true });
});

async function run(command: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = spawn('bash', ['-c', command], {
    env: { PATH: process.env['PATH'], ...chain.env, AGENTSTREAM_STACK_NAME: 'chain', AGENTSTREAM: `${process.execPath} ${BIN}` },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += String(part)));
  child.stderr.on('data', (part: Buffer) => (stderr += String(part)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

const LOST = (name: string): RegExp =>
  new RegExp(`^error: could not write ${name}: (the disk is full|it would be larger than files may be here)\\n$`, 'm');
const BENCH = '$AGENTSTREAM bench --no-self-test --max-lag 1h --no-pilot --requests 2';

describe.skipIf(!existsSync('/dev/full'))('a full disk is told in one line', () => {
  test.each(['template', '--help', '--version', 'status --json'])('agentstream %s > /dev/full', async (command) => {
    const { code, stderr } = await run(`$AGENTSTREAM ${command} > /dev/full`);
    expect({ code, lines: stderr.match(/\n/g)?.length }).toEqual({ code: 1, lines: 1 });
    expect(stderr).toMatch(LOST('stdout'));
  });

  test.each([
    ['a disk that is full', '$AGENTSTREAM invoke long > /dev/full'],
    ['a disk that takes a part', 'ulimit -f 1; $AGENTSTREAM invoke long > part'],
    ['a file for JSON lines', '$AGENTSTREAM invoke long --json > /dev/full'],
  ])('%s: the answer comes on stderr', async (_, command) => {
    const { code, stderr } = await run(command);
    expect(code).toBe(1);
    expect(stderr).toContain('x'.repeat(5_000));
    expect(stderr).toMatch(LOST('stdout'));
  });

  test('a recording that cannot be written: the answer is whole', async () => {
    const { code, stdout, stderr } = await run('$AGENTSTREAM invoke long --record /dev/full');
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${'x'.repeat(5_000)}\n` });
    expect(stderr).toMatch(LOST('/dev/full'));
  });

  test('what failed by itself keeps its exit code', async () => {
    const { code, stderr } = await run('$AGENTSTREAM invoke broken --record /dev/full');
    expect(code).toBe(4);
    expect(stderr).toMatch(/^error: [^]*^error: could not write \/dev\/full/m);
  });

  test.each([['--ndjson /dev/full'], ['--html /dev/full --markdown report.md'], ['--ndjson lines.ndjson --markdown /dev/full']])(
    'bench %s: the report is printed, and the other files are written',
    async (flags) => {
      const { code, stdout, stderr } = await run(`${BENCH} ${flags}`);
      expect(code).toBe(1);
      expect(stdout).toMatch(/ttfb/);
      expect(stderr).toMatch(LOST('/dev/full'));
      for (const file of /(\S+\.md|\S+\.ndjson)/.exec(flags) ?? []) {
        expect(readFileSync(join(folder, file), 'utf8')).toContain('ttfb');
      }
    },
  );

  test('bench > /dev/full: the report comes on stderr', async () => {
    const { code, stderr } = await run(`${BENCH} > /dev/full`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ttfb[^]*error: could not write stdout/);
  });
});

test.each(['--record', '--ndjson'])('%s in a folder that is not there is refused before anything is sent', async (flag) => {
  const command = flag === '--record' ? '$AGENTSTREAM invoke hi' : BENCH;
  const { code, stdout, stderr } = await run(`${command} ${flag} nowhere/file`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(`error: could not write nowhere/file: there is no such folder\n`);
});
