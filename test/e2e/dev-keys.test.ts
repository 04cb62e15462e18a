import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CHROMIUM, startBrowser } from '../helpers/browser.ts';
import { BIN, runBin, type Spawned, spawnNode } from '../helpers/spawned.ts';

interface Ready {
  readonly emulatorUrl: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

let state: string;
let dev: Spawned;
let ready: Ready;
const start = async (...args: string[]): Promise<void> => {
  dev = spawnNode([BIN, 'dev', '--port', '0', '--no-deploy', '--json', ...args], { XDG_STATE_HOME: state });
  ready = JSON.parse((await dev.waitFor(/^\{"type":"ready".*$/m))[0]) as Ready;
};
const listStacks = async (credentials: Ready['credentials']): Promise<number | undefined> => {
  const client = new CloudFormationClient({ endpoint: ready.emulatorUrl, region: 'us-east-1', credentials });
  return (await client.send(new ListStacksCommand({})).finally(() => client.destroy())).$metadata.httpStatusCode;
};
const statusOf = (env: NodeJS.ProcessEnv) => runBin(['status'], { AGENTSTREAM_LOCAL: ready.emulatorUrl, ...env });
const keyFile = (): string => join(state, 'agentstream', `dev-${new URL(ready.emulatorUrl).port}.json`);

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'agentstream-test-'));
});
afterEach(async () => {
  dev.child.kill('SIGKILL');
  await dev.exit;
  rmSync(state, { recursive: true, force: true });
});

test('a run makes a key, keeps it for this user and takes it away', async () => {
  await start();
  expect(JSON.parse(readFileSync(keyFile(), 'utf8'))).toEqual(ready.credentials);
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  expect(statSync(join(state, 'agentstream')).mode & 0o777).toBe(0o700);
  expect(await listStacks(ready.credentials)).toBe(200);
  dev.child.kill('SIGINT');
  await dev.exit;
  expect(existsSync(keyFile())).toBe(false);
});

test('--local finds the key; without it, it is told what to do', async () => {
  await start();
  expect((await statusOf({ XDG_STATE_HOME: state })).stderr).toContain('there is no stack agentstream');
  const { accessKeyId, secretAccessKey } = ready.credentials;
  const byEnvironment = await statusOf({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  expect(byEnvironment.stderr).toContain('there is no stack agentstream');
  const stranger = await statusOf({});
  expect(stranger.exitCode).toBe(1);
  expect(stranger.stderr).toMatch(/the dev at http:\S+ was started by another user/);
});

test('a key that the run has not made is refused, and --any-credentials takes it with a warning', async () => {
  await start();
  const unknown = { accessKeyId: 'agentstream-dev', secretAccessKey: 'agentstream-dev' };
  await expect(listStacks(unknown)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  dev.child.kill('SIGINT');
  await dev.exit;
  await start('--any-credentials');
  expect(await listStacks(unknown)).toBe(200);
  expect(dev.text.stderr).toContain('warning: --any-credentials');
});

const asOther = spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'id', '-u'], { encoding: 'utf8' });
const canBeOther = asOther.stdout?.trim() === '65534';
if (!canBeOther) console.log('this user cannot become another (setpriv as root): the test of another user is skipped');

test.skipIf(!canBeOther)('another user of the machine can neither read the key nor do without it', async () => {
  await start();
  const run = (...command: string[]) =>
    spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', ...command], { encoding: 'utf8' });
  expect(run('cat', keyFile()).stderr).toContain('Permission denied');
  const signed = ['--aws-sigv4', 'aws:amz:us-east-1:cloudformation', '--user', 'any:any'];
  const call = run('curl', '-s', ...signed, '-d', 'Action=ListStacks&Version=2010-05-15', ready.emulatorUrl);
  expect(call.stdout).toContain('<Code>InvalidClientTokenId</Code>');
});

describe.skipIf(!CHROMIUM)('a page whose name has been pointed at this machine', () => {
  const browser = CHROMIUM ? startBrowser(['--host-resolver-rules=MAP rebound.example 127.0.0.1']) : undefined;
  afterAll(async () => (await browser)?.close());

  test('reaches nothing, and no page reaches the AWS APIs', async () => {
    await start();
    const port = new URL(ready.emulatorUrl).port;
    const page = await (await browser)!.newPage();
    const call = `fetch('/', { method: 'POST', body: 'Action=ListStacks&Version=2010-05-15', headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}'
    } }).then(async (answer) => [answer.status, await answer.text()])`;
    const opened = await page.goto(`http://rebound.example:${port}/_aws/emulator`);
    expect(opened?.status()).toBe(421);
    expect(await page.evaluate<unknown>(call)).toEqual([421, expect.stringContaining('nothing here is named rebound.example')]);
    await page.goto(`http://localhost:${port}/_aws/emulator`);
    expect(await page.evaluate<unknown>(call)).toEqual([403, expect.stringContaining('from web pages')]);
  });
});

const hasCli = spawnSync('aws', ['--version']).status === 0;
if (!hasCli) console.log('there is no aws: the test of the AWS CLI is skipped');

test.skipIf(!hasCli)('the AWS CLI reaches it with the key of the environment of --exec', async () => {
  await start();
  const exec = spawn(process.execPath, [BIN, 'dev', '--port', '0', '--exec', 'aws cloudformation list-stacks --output text'], {
    env: { PATH: process.env['PATH'], XDG_STATE_HOME: state },
  });
  let printed = '';
  exec.stdout.on('data', (part) => (printed += String(part)));
  expect(await new Promise((resolve) => exec.on('close', resolve))).toBe(0);
  expect(printed).toContain('CREATE_COMPLETE');
});
