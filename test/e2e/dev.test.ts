import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { json, openStream, send } from '../helpers/post.ts';
import { jsonLines } from '../helpers/run-cli.ts';
import { BIN, childrenOf, isAlive, runBin, type Spawned, spawnNode, spawnOnTerminal } from '../helpers/spawned.ts';
import { NUDGE } from '../../src/protocol.ts';

const running = new Set<Spawned>();
const start = (args: string[], env: NodeJS.ProcessEnv = {}): Spawned => {
  const spawned = spawnNode(args, env);
  running.add(spawned);
  return spawned;
};
const startDev = (...args: string[]): Spawned => start([BIN, 'dev', '--port', '0', ...args]);

afterEach(async () => {
  for (const spawned of running) {
    spawned.child.kill('SIGKILL');
    await spawned.exit;
  }
  running.clear();
});

/** An agent made with AWS's own agent SDK, as a process. */
let agent: Spawned;
let agentUrl: string;
beforeAll(async () => {
  agent = spawnNode(['test/fixtures/agents/typescript-agent.mjs'], { PORT: '0', AGENT_DELAY_MS: '20' });
  agentUrl = (await agent.waitFor(/ready (\S+)/))[1] ?? '';
});
afterAll(() => agent.child.kill());

test('streams from an agent made with AWS’s agent SDK, by --exec, and leaves nothing', async () => {
  const result = await runBin([
    'dev',
    '--port',
    '0',
    '--agent',
    agentUrl,
    '--verbose',
    '--exec',
    'agentstream invoke "hi there"',
  ]);
  expect(result.stdout).toBe('hithere\n');
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toMatch(
    /^\d\d:\d\d:\d\d POST \/invoke 200 {2}ttfb .* · longest silence .* · 3 events · session [0-9a-f]{8}$/m,
  );
});

test.each([
  ['exit 7', 7],
  ['agentstream invoke --session short hi', 2],
  ['kill -TERM $$', 143],
])('--exec %j ends with its status', async (command, status) => {
  const result = await runBin(['dev', '--port', '0', '--json', '--exec', command]);
  expect(result.exitCode).toBe(status);
  const message = `the command exited with status ${status}: ${command}`;
  expect(result.stderr).toContain(message);
  expect(jsonLines(result.stdout).at(-1)).toMatchObject({ type: 'result', ok: false, error: { code: 'EXEC_FAILED', message } });
});

test('the chain tells of an agent that fails', async () => {
  const dev = startDev('--agent', agentUrl, '--auth', 'none');
  const url = (await dev.waitFor(/Endpoint {2}(\S+)/))[1] ?? '';
  const before = await send('POST', `${url}/invoke`, { prompt: 'x', fail: 'before' });
  expect([before.status, json(before)['code']]).toEqual([424, 'AGENT_ERROR']);
  const middle = await send('POST', `${url}/invoke`, { prompt: 'a b', fail: 'middle' });
  expect(middle.status).toBe(200);
  expect(middle.text.replaceAll(NUDGE, '')).toMatch(/^data: a\n\ndata: b\n\nevent: error\ndata: \{"error":/);
});

test('what it prints works: the endpoint with its key, and not without', async () => {
  const dev = startDev();
  const url = (await dev.waitFor(/Endpoint {2}(\S+)/))[1] ?? '';
  const key = (await dev.waitFor(/API key {3}(\S+)/))[1] ?? '';
  await dev.waitFor(/curl -N/);
  const stream = await openStream(`${url}/invoke`, { prompt: 'a heron' }, { 'x-api-key': key });
  expect(stream.status).toBe(200);
  expect(stream.headers['x-session-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(stream.headers['server-timing']).toMatch(/^init;dur=/);
  const first = await stream.next();
  expect(first).toMatch(/^data: /);
  let more = '';
  while (!more.includes('data: ')) more += (await stream.next()) ?? '';
  stream.destroy();
  expect((await send('POST', `${url}/invoke`, { prompt: 'hi' })).status).toBe(403);
});

const curl = spawnSync('curl', ['--version']).status === 0;
if (!curl) console.log('curl is not installed: the test of the printed curl line is skipped');

test.skipIf(!curl)('the curl line works as printed', async () => {
  const dev = startDev('--agent', 'echo');
  const line = (await dev.waitFor(/\n {2}(curl[^]*?)\n\n/))[1] ?? '';
  const { stdout, status } = spawnSync('sh', ['-c', `${line} -s -i`], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^HTTP\/1\.1 200/);
  expect(stdout).toMatch(/content-type: text\/event-stream/i);
  expect(stdout).toContain('data: "Hello!');
});

const aws = spawnSync('aws', ['--version']).status === 0;
if (!aws) console.log('the aws CLI is not installed: its test is skipped');

test.skipIf(!aws)('the aws CLI reaches it by AWS_ENDPOINT_URL', async () => {
  const commands = [
    "aws cloudformation describe-stacks --query 'Stacks[0].StackStatus' --output text",
    'FUNCTION=$(aws lambda list-functions --query "Functions[0].FunctionName" --output text)',
    'aws lambda get-function-configuration --function-name "$FUNCTION" --query Runtime --output text',
    "aws apigateway get-rest-apis --query 'items[0].endpointConfiguration.types[0]' --output text",
  ];
  const result = await runBin(['dev', '--port', '0', '--exec', commands.join(' && ')], { HOME: process.env['HOME'] });
  expect(result.stdout.split(/\s+/).slice(0, 3)).toEqual(['CREATE_COMPLETE', 'nodejs24.x', 'REGIONAL']);
  expect(result.exitCode).toBe(0);
});

const linux = process.platform === 'linux';
if (!linux) console.log('no /proc here: the tests that look for left processes are skipped');

test.skipIf(!linux).each(['SIGINT', 'SIGTERM'] as const)('%s ends it, its functions and its port', async (signal) => {
  const dev = startDev('--agent', 'echo', '--auth', 'none');
  const url = (await dev.waitFor(/Endpoint {2}(\S+)/))[1] ?? '';
  await send('POST', `${url}/invoke`, { prompt: 'hi' });
  const children = childrenOf(dev.child.pid ?? 0);
  expect(children.length).toBeGreaterThan(0);
  dev.child.kill(signal);
  expect(await dev.exit).toBe(0);
  expect(children.filter(isAlive)).toEqual([]);
  await expect(send('POST', `${url}/invoke`, { prompt: 'hi' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

const script = linux && spawnSync('script', ['--version']).status === 0;
if (!script) console.log('no util-linux `script` here: the test of Ctrl-C on a terminal is skipped');

// A terminal of 0 columns is one whose size nobody has set.
test.skipIf(!script).each([80, 0])('Ctrl-C on a terminal of %i columns ends it in order', async (columns) => {
  const dev = spawnOnTerminal(['dev', '--port', '0', '--agent', 'echo', '--auth', 'none'], columns);
  running.add(dev);
  const url = (await dev.waitFor(/Endpoint {2}(\S+)/))[1] ?? '';
  await send('POST', `${url}/invoke`, { prompt: 'hi' });
  await dev.waitFor(/POST \/invoke/);
  // The banner and a line: what stands before them is drawn again and again while the stack is made.
  expect(dev.text.stdout.slice(dev.text.stdout.indexOf('Endpoint')).length).toBeLessThan(5_000);
  dev.child.stdin?.write('\u0003');
  expect(await dev.exit).toBe(0);
});

test.skipIf(!linux)('its functions end with it even when it is killed', async () => {
  const dev = startDev('--agent', 'echo', '--auth', 'none');
  const url = (await dev.waitFor(/Endpoint {2}(\S+)/))[1] ?? '';
  await send('POST', `${url}/invoke`, { prompt: 'hi' });
  const children = childrenOf(dev.child.pid ?? 0);
  dev.child.kill('SIGKILL');
  await dev.exit;
  await expect.poll(() => children.filter(isAlive)).toEqual([]);
});

test('another program deploys to it, under --local', async () => {
  const state = mkdtempSync(join(tmpdir(), 'agentstream-test-'));
  const dev = start([BIN, 'dev', '--port', '0', '--no-deploy', '--agent', 'echo'], { XDG_STATE_HOME: state });
  const [, url = '', arn = ''] = await dev.waitFor(/AGENTSTREAM_LOCAL=(\S+) agentstream deploy --agent-arn (\S+)/);
  const env = { AGENTSTREAM_LOCAL: url, XDG_STATE_HOME: state };
  expect((await runBin(['deploy', '--agent-arn', arn], env)).exitCode).toBe(0);
  expect(await runBin(['invoke', 'to and fro'], env)).toMatchObject({ exitCode: 0, stdout: 'to and fro\n' });
  expect((await runBin(['destroy', '--yes'], env)).exitCode).toBe(0);
  rmSync(state, { recursive: true });
});

test('plays recordings back, the first again after the last', async () => {
  const turn = (word: string): object[] => [
    { type: 'recording', version: 1, startedAt: '2026-11-01T12:00:00.000Z', transport: 'api' },
    { type: 'sent', atMs: 0 },
    { type: 'headers', atMs: 1, status: 200, headers: { 'content-type': 'text/event-stream' } },
    { type: 'chunk', atMs: 2, text: `data: ${JSON.stringify(word)}\n\n` },
    { type: 'end', atMs: 3 },
    { type: 'ending', ending: 'end', atMs: 3 },
  ];
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-test-'));
  try {
    const file = join(folder, 'session.ndjson');
    const lines = [...turn('one'), ...turn('two')].map((line) => `${JSON.stringify(line)}\n`);
    writeFileSync(file, lines.join(''));
    const invoke = 'agentstream invoke hi';
    const result = await runBin(['dev', '--port', '0', '--agent', file, '--exec', `${invoke} && ${invoke} && ${invoke}`]);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'one\ntwo\none\n' });
    const missing = await runBin(['dev', '--agent', join(folder, 'missing.ndjson')]);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toMatch(/missing\.ndjson cannot be read \(ENOENT\)\nhint: make one/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a port in use, an agent that is not there, an agent that is none', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => {
    blocker.once('listening', resolve);
  });
  const { port } = blocker.address() as AddressInfo;
  try {
    const inUse = await runBin(['dev', '--port', String(port)]);
    expect(inUse.exitCode).toBe(1);
    expect(inUse.stderr).toContain(`port ${port} is in use`);
    expect(inUse.stderr).toContain('--port 0');
  } finally {
    blocker.close();
  }
  const unhealthy = await runBin(['dev', '--port', '0', '--agent', `${agentUrl}/elsewhere`]);
  expect(unhealthy.exitCode).toBe(1);
  expect(unhealthy.stderr).toMatch(/no healthy agent at .*: GET \/ping answered 404\nhint: start it first/);
  const absent = startDev('--agent', '9');
  await absent.waitFor(/waiting for the agent at http:\/\/127\.0\.0\.1:9: nothing listens there yet\n$/);
  absent.child.kill('SIGINT');
  expect(await absent.exit).toBe(130);
  const none = await runBin(['dev', '--agent', 'poet']);
  expect(none.exitCode).toBe(2);
  expect(none.stderr).toContain('not an agent: poet');
});
