import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

const NAMES = [
  'dev',
  'deploy',
  'invoke',
  'status',
  'doctor',
  'logs',
  'template',
  'iam-policy',
  'completion',
  'destroy',
];

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

test('prints its version', async () => {
  for (const flag of ['--version', '-V']) {
    expect(await runCli([flag])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  }
});

test('help names every command and where to start', async () => {
  const { exitCode, stdout, stderr } = await runCli(['--help']);
  expect([exitCode, stderr]).toEqual([0, '']);
  for (const name of NAMES) {
    expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  }
  expect(stdout).toContain("agentstream dev --exec 'agentstream invoke");
});

test.each(NAMES)('help of %s has examples', async (name) => {
  for (const args of [
    [name, '--help'],
    ['help', name],
  ]) {
    const { exitCode, stdout } = await runCli(args);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: agentstream ${name}`);
    expect(stdout).toMatch(new RegExp(`Examples:\\n +agentstream ${name}`));
  }
});

test('wrong use is exit 2, with a suggestion', async () => {
  const unknown = await runCli(['deplyo']);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toMatch(/unknown command 'deplyo'[^]*Did you mean deploy\?/);
  expect((await runCli([])).exitCode).toBe(2);
});

test('colours follow FORCE_COLOR and NO_COLOR', async () => {
  const failing = (env: Record<string, string>, isTTY: boolean) =>
    runCli(['deploy', '--agent-arn', 'x'], { env, isTTY });
  expect((await failing({}, true)).stderr).toContain('\u001B[31merror');
  expect((await failing({}, false)).stderr).not.toContain('\u001B[');
  expect((await failing({ NO_COLOR: '1' }, true)).stderr).not.toContain('\u001B[');
  expect((await failing({ FORCE_COLOR: '1' }, false)).stderr).toContain('\u001B[');
});
