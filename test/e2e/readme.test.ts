import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEV_DEFAULT_PORT } from '../../src/aws/dev-address.ts';
import { echoAgent, type Emulator, startEmulator } from '../../src/emulator/index.ts';

const CLONE = fileURLToPath(new URL('../..', import.meta.url));
const README = readFileSync(join(CLONE, 'README.md'), 'utf8');
const BLOCKS = [...README.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }));
const AGENT_ARN = /--agent-arn (\S+)/.exec(README)?.[1] ?? '';
const PATIENCE_MS = 600_000;
/** The machine was too busy to measure, or has the port of `dev` in use: that is right, and the block is run again. */
const BUSY = new RegExp(`this client was the bottleneck|port ${DEV_DEFAULT_PORT} is in use`);
const BUSY_MS = 5_000;
const MOST_BUSY = 6;

/** What each block shows, in the order of the README; a block that is not here fails its test. */
const SHOWS: readonly (readonly [string, readonly RegExp[]])[] = [
  ['npm run demo', [/it streams/, /the stream was cut/, /heartbeats/, /longest silence/, /nothing is left/]],
  ['npm pack', [/You asked: Hello!/, /25 turns in .*all ok/]],
  ['agentstream deploy', [/it streams/, /What can you do\?/]],
  ['URL=$(agentstream status --url)', [/Hello!/]],
  [
    'agentstream bench',
    [/25 turns in/, /\bhop\b.*\bttfb\b/s, /streaming/, /pass.*ttfb\.p95<5s/i, /before\.json|difference|better|worse/],
  ],
  ['agentstream destroy', [/nothing is left/]],
];

/** Blocks that stand before the deploy are run in a clone; the second one builds, packs and installs. */
const DEMO = 0;
const INSTALLATION = 1;

let emulator: Emulator;
let home: string;
let env: NodeJS.ProcessEnv;
let installing: NodeJS.ProcessEnv;
beforeAll(async () => {
  emulator = await startEmulator({ agents: new Map([[AGENT_ARN, echoAgent()]]) });
  home = mkdtempSync(join(tmpdir(), 'readme-'));
  mkdirSync(join(home, 'work'));
  // A build of its own: other tests run from the folder that `npm pack` builds anew.
  cpSync(CLONE, join(home, 'clone'), {
    recursive: true,
    filter: (path) => !['node_modules', 'dist', '.git'].includes(relative(CLONE, path)),
  });
  symlinkSync(join(CLONE, 'node_modules'), join(home, 'clone/node_modules'));
  env = {
    HOME: home,
    PATH: `${join(home, 'global/bin')}:${process.env['PATH']}`,
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: AGENT_ARN.split(':')[3],
    AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
  };
  // npm finds its registry, proxy and certificates in the environment and the files of whoever runs the tests; the rest stays in `home`.
  installing = {
    ...process.env,
    ...env,
    HOME: process.env['HOME'],
    XDG_STATE_HOME: home,
    npm_config_prefix: join(home, 'global'),
    npm_config_globalconfig: execFileSync('npm', ['config', 'get', 'globalconfig'], { encoding: 'utf8' }).trim(),
  };
});
afterAll(async () => {
  await emulator.close();
  rmSync(home, { recursive: true });
});

/** Runs a block as a script that ends with its first failure. */
async function run(script: string, options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let shown = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (shown += part));
  const [status] = (await once(child, 'close')) as [number];
  return { status, shown };
}

test('every block is a command, and its test is here', () => {
  expect(BLOCKS.map(({ language }) => language)).toEqual(SHOWS.map(() => 'sh'));
});

test.each(SHOWS.map(([start, patterns], index) => [start, index, patterns] as const))(
  'runs as printed: %s',
  { timeout: PATIENCE_MS },
  async (start, index, patterns) => {
    const { text = '' } = BLOCKS[index] ?? {};
    expect(text.startsWith(start), text).toBe(true);
    const cwd = index === DEMO ? CLONE : join(home, index === INSTALLATION ? 'clone' : 'work');
    const options = { cwd, env: index === INSTALLATION ? installing : env };
    let { status, shown } = await run(text, options);
    for (let left = MOST_BUSY; left > 0 && BUSY.test(shown); left -= 1) {
      await sleep(BUSY_MS);
      ({ status, shown } = await run(text, options));
    }
    expect(status, shown).toBe(0);
    for (const pattern of patterns) expect(shown).toMatch(pattern);
  },
);

test('the installed command is the one that the later blocks have run', () => {
  const installed = join(home, 'global/bin/agentstream');
  expect(execFileSync(installed, ['--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(execFileSync('bash', ['-c', 'command -v agentstream'], { encoding: 'utf8', env }).trim()).toBe(installed);
});
