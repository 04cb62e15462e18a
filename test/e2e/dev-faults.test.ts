import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseReport } from '../../src/bench/figures/parse-report.ts';
import { runBin } from '../helpers/spawned.ts';

const dev = (...args: string[]) => runBin(['dev', '--port', '0', '--verbose', ...args]);

/** At 60 the 5 minutes of silence that end a stream are 5 s: more than the start of a function takes on a busy machine. */
const SCALED = ['--time-scale', '60', '--agent', 'echo', '--fault', 'stall:7s'];

test('the idle limit cuts a silence, in scaled time, and the client knows which it was', async () => {
  const result = await dev(...SCALED, '--heartbeat', '0', '--exec', 'agentstream invoke "a b"');
  expect(result.exitCode).toBe(4);
  expect(result.stdout.trim()).toBe('a');
  expect(result.stderr).toContain('fault: stall:7s:1 (agent)');
  expect(result.stderr).toContain('nothing came for 5 s, the idle limit of this endpoint');
});

test('bench shows a silence that the idle limit cut as all of the limit, wherever it shows it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
  const file = (name: string): string => join(folder, name);
  const bench = [
    'agentstream bench --requests 2 --vus 2 --no-pilot --no-self-test --max-lag 1h',
    `--threshold 'maxGap<1s' --html ${file('html')} --markdown ${file('md')} --ndjson ${file('ndjson')}`,
  ].join(' ');
  const faults = ['--time-scale', '60', '--fault', 'stall:20s', '--heartbeat', '0'];
  try {
    const { stdout, stderr } = await dev(...faults, '--exec', `${bench}; echo "exit $?"`);
    expect(stdout).toContain('exit 99');
    expect(stderr).toMatch(/the stream was cut .* longest silence [5-9]\.\d\d s/);
    for (const text of [stdout, readFileSync(file('md'), 'utf8'), readFileSync(file('html'), 'utf8')]) {
      expect(text).toMatch(/[5-9]\.\d\d s of 5 s/);
    }
    const { headroom, thresholds } = parseReport(readFileSync(file('ndjson'), 'utf8'), 'ndjson').summary;
    expect(headroom).toMatchObject([{ idleLimitMs: 5_000, idleLevel: 'reached', longest: { endedBy: 'cut' } }]);
    expect(headroom[0]?.longest?.ms).toBeGreaterThanOrEqual(5_000);
    expect(thresholds).toMatchObject([{ result: 'fail' }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('heartbeats, scaled with it, carry the same silence', async () => {
  const result = await dev(...SCALED, '--exec', 'agentstream invoke "a b"');
  expect([result.exitCode, result.stdout]).toEqual([0, 'a b\n']);
  expect(result.stderr).toContain('fault: stall:7s:1 (agent)');
});

test('what it exports tells the scale of time, and nothing does where time is not scaled', async () => {
  const print = 'echo "[$AGENTSTREAM_TIME_SCALE]"';
  expect((await dev('--no-deploy', '--time-scale', '60', '--exec', print)).stdout).toBe('[60]\n');
  expect((await dev('--no-deploy', '--exec', print)).stdout).toBe('[]\n');
});

test('several faults, and a share', async () => {
  const result = await dev(
    '--agent',
    'echo',
    '--fault',
    'cut:1@100%',
    '--fault',
    'held:64kB',
    '--exec',
    'agentstream invoke "a b c"',
  );
  expect(result.exitCode).toBe(4);
  expect(result.stderr).toContain('fault: cut:1 (agent)');
  expect(result.stderr).toContain('fault: held:64000 (function)');
});

test.each([
  [['--fault', 'explode'], /not a fault: explode \(no such kind: explode\); kinds: cut:N, /],
  [['--fault', 'stall'], /stall takes a time such as 500ms or 20s/],
  [['--time-scale', '0'], /--time-scale takes a whole number from 1 to 300, not 0/],
])('%j is wrong use', async (args, message) => {
  const result = await dev(...args, '--exec', 'true');
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toMatch(message);
});

test('the help says what each fault does', async () => {
  const { stdout } = await runBin(['dev', '--help']);
  expect(stdout).toMatch(/^ {2}stall:TIME\[:N\] +the agent is silent for TIME after N events/m);
  expect(stdout).toContain('x-emulator-fault: KIND');
  expect(stdout).toContain('--time-scale 60 --fault stall:20s');
});
