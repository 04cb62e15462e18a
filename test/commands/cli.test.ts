import { readFileSync } from 'node:fs';
import stringWidth from 'string-width';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

const NAMES = ['dev', 'deploy', 'invoke', 'status', 'doctor', 'logs', 'template', 'iam-policy', 'completion', 'destroy'];

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

test('no line of any help is wider than 80 columns', async () => {
  const seen: string[] = [];
  const read = async (command: readonly string[]): Promise<void> => {
    const { stdout } = await runCli([...command, '--help']);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
    seen.push(command.join(' '));
    const [, commands = ''] = /^Commands:\n((?: {2}.*\n)+)/m.exec(stdout) ?? [];
    for (const [, name = ''] of commands.matchAll(/^ {2}(\w[\w-]*)/gm)) if (name !== 'help') await read([...command, name]);
  };
  await read([]);
  expect(seen).toEqual(expect.arrayContaining([...NAMES, 'bench export artillery', 'key rotate']));
});

test('wrong use is exit 2, with a suggestion', async () => {
  const unknown = await runCli(['deplyo']);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toMatch(/unknown command 'deplyo'[^]*Did you mean deploy\?/);
  expect((await runCli([])).exitCode).toBe(2);
});

test.each(['status', 'invoke', 'logs', 'destroy', 'deploy'])('%s without a Region anywhere is wrong use, too', async (name) => {
  const nowhere = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined };
  const files = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  // The SDK reads the environment of the process.
  for (const [key, value] of Object.entries({ ...nowhere, ...files })) vi.stubEnv(key, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const env = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
  const { exitCode, stderr } = await runCli([name, ...(name === 'invoke' ? ['hi'] : [])], { env });
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringMatching(/^error: no AWS Region is set\nhint: give --region, or set AWS_REGION/m),
  ]);
});

test('colours follow FORCE_COLOR and NO_COLOR', async () => {
  const failing = (env: Record<string, string>, isTTY: boolean) => runCli(['deploy', '--agent-arn', 'x'], { env, isTTY });
  expect((await failing({}, true)).stderr).toContain('\u001B[31merror');
  expect((await failing({}, false)).stderr).not.toContain('\u001B[');
  expect((await failing({ NO_COLOR: '1' }, true)).stderr).not.toContain('\u001B[');
  expect((await failing({ FORCE_COLOR: '1' }, false)).stderr).toContain('\u001B[');
});
