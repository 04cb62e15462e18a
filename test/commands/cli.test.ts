import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { jsonLines, runCli } from '../helpers/run-cli.ts';

const NAMES = ['dev', 'deploy', 'invoke', 'status', 'doctor', 'logs', 'template', 'iam-policy', 'completion', 'destroy'];

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
};

test('prints its version', async () => {
  for (const flag of ['--version', '-V']) {
    expect(await runCli([flag])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  }
});

test('whoever installs the package gets the versions that were tested', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  };
  const tested = Object.keys(dependencies).map((name) => [name, packages[`node_modules/${name}`]?.version]);
  expect(dependencies).toEqual(Object.fromEntries(tested));
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
  const { exitCode, stdout, stderr } = await runCli([name, ...(name === 'invoke' ? ['hi'] : []), '--json'], { env });
  expect(jsonLines(stdout).at(-1)).toMatchObject({ ok: false, error: { code: 'NO_REGION' } });
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

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-wrong-use-'));
  const files = {
    'empty.txt': '',
    'word.ts': 'export const word = 1;',
    'broken.ts': 'export const = ;',
    'lines.ndjson': '{"a":1}\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

const ARN = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/test_agent-0123456789';
const URL_OF_NONE = ['--url', 'http://127.0.0.1:9/v1'];

/** A code that programs can rely on, whatever the sentence says. Nothing of this gets to a network. */
test.each<[code: string, ...args: string[]]>([
  ['MISSING_PROMPT', 'invoke'],
  ['EMPTY_PROMPT', 'invoke', ' ', ...URL_OF_NONE],
  ['CONFLICTING_FLAGS', 'invoke', 'hi', '--hop', 'agentcore', '--header', 'a: b'],
  ['INVALID_DURATION', 'bench', '--timeout', 'soon', ...URL_OF_NONE],
  ['INVALID_URL', 'invoke', 'hi', '--url', 'here'],
  ['INVALID_AGENT_ARN', 'deploy', '--agent-arn', 'x'],
  ['INVALID_VALUE', 'deploy', '--agent-arn', ARN, '--tag', 'x'],
  ['INVALID_NUMBER', 'deploy', '--agent-arn', ARN, '--memory', 'much'],
  ['HANDLER_NOT_FOUND', 'deploy', '--agent-arn', ARN, '--handler', 'FOLDER/nope.ts'],
  ['HANDLER_WITHOUT_EXPORT', 'deploy', '--agent-arn', ARN, '--handler', 'FOLDER/word.ts'],
  ['HANDLER_BUILD_FAILED', 'deploy', '--agent-arn', ARN, '--handler', 'FOLDER/broken.ts'],
  ['MISSING_OPTION', 'iam-policy'],
  ['INVALID_STACK_NAME', 'status', '--stack-name', '1x'],
  ['INVALID_SINCE', 'logs', '--since', 'soon'],
  ['INVALID_FAULT', 'dev', '--fault', 'nonsense'],
  ['CONFLICTING_FLAGS', 'dev', '--authorizer', 'FOLDER/word.ts'],
  ['AUTHORIZER_NEEDED', 'dev', '--auth', 'lambda'],
  ['INVALID_LOAD', 'bench', '--vus', '1', '--rate', '2', ...URL_OF_NONE],
  ['INVALID_STAGE', 'bench', '--stage', 'x', ...URL_OF_NONE],
  ['INVALID_HOP', 'bench', '--hop', 'x', ...URL_OF_NONE],
  ['INVALID_PROBE', 'bench', '--probe', 'x=1', ...URL_OF_NONE],
  ['INVALID_SESSION_POLICY', 'bench', '--session', 'x', ...URL_OF_NONE],
  ['INVALID_PROMPTS', 'bench', '--prompts', 'FOLDER/empty.txt', ...URL_OF_NONE],
  ['CANNOT_READ', 'bench', '--prompts', 'FOLDER/nope.txt', ...URL_OF_NONE],
  ['RATE_ABOVE_LIMIT', 'bench', '--rate', '1000', '--duration', '1s', ...URL_OF_NONE],
  ['NOT_FOR_ARTILLERY', 'bench', 'export', 'artillery', 'FOLDER/out', '--hop', 'lambda'],
  ['FOLDER_NOT_EMPTY', 'bench', 'export', 'artillery', 'FOLDER', ...URL_OF_NONE],
])('%s: %j', async (code, ...args) => {
  const { exitCode, stdout } = await runCli([...args.map((arg) => arg.replace('FOLDER', folder)), '--json'], {
    env: { AWS_REGION: 'us-east-1' },
    isTTY: code === 'MISSING_PROMPT',
  });
  expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'result', ok: false, error: { code } });
  expect(exitCode).toBe(code === 'HANDLER_BUILD_FAILED' ? 1 : 2);
});

test('PORT_IN_USE: a port that another has', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { exitCode, stdout } = await runCli(['dev', '--port', String(port), '--json']);
  expect(jsonLines(stdout).at(-1)).toMatchObject({ error: { code: 'PORT_IN_USE' } });
  expect(exitCode).toBe(1);
});
