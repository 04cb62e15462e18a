import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { send } from '../helpers/post.ts';
import { BIN, runBin, type Spawned, spawnNode } from '../helpers/spawned.ts';

const running = new Set<Spawned>();
afterEach(async () => {
  for (const spawned of running) {
    spawned.child.kill('SIGKILL');
    await spawned.exit;
  }
  running.clear();
});
const startDev = (...args: string[]): Spawned => {
  const dev = spawnNode([BIN, 'dev', '--port', '0', '--agent', 'echo', ...args], {});
  running.add(dev);
  return dev;
};
const exec = (command: string, ...args: string[]) =>
  runBin(['dev', '--port', '0', '--agent', 'echo', ...args, '--exec', command]);

const hasSignature = spawnSync('curl', ['--aws-sigv4', 'aws:amz:x:y', '--version']).status === 0;
if (!hasSignature) console.log('curl cannot sign here: the printed line of --auth iam is not run');

/** The printed commands, from the first line to the last. */
const printed = /\nTry it, in another terminal:\n((?: .*\n)+)/;
const curlOf = (lines: string): string =>
  lines.replaceAll(/^.*agentstream (chat|bench).*\n/gm, '').replace('curl -N', 'curl -sN --max-time 20');

test('--auth cognito: a local pool lets --exec in by a token of its own', async () => {
  const flags = ['--auth', 'cognito', '--session-scope', 'caller', '--user-id-from', 'claim:email'];
  const result = await exec('agentstream invoke "hi"', ...flags);
  expect(result.stdout).toContain('hi');
  expect(result.exitCode).toBe(0);
  const without = await exec('unset AGENTSTREAM_TOKEN; agentstream invoke hi', ...flags);
  expect(without.exitCode).toBe(2);
  expect(without.stderr).toContain('there is no token');
});

test('--auth-scope: the local token has it', async () => {
  const result = await exec('agentstream invoke hi', '--auth', 'cognito', '--auth-scope', 'a/use');
  expect(result.exitCode).toBe(0);
});

test('what --auth cognito prints works, and nothing without the token', async () => {
  const dev = startDev('--auth', 'cognito');
  const [, url = ''] = await dev.waitFor(/Endpoint {2}(\S+)/);
  const [, lines = ''] = await dev.waitFor(printed);
  expect(lines).toContain('export AGENTSTREAM_TOKEN=ey');
  const curl = spawnSync('sh', ['-c', curlOf(lines)]);
  expect(String(curl.stdout)).toContain('Hello!');
  expect((await send('POST', `${url}/invoke`, { prompt: 'hi' })).status).toBe(401);
});

test.skipIf(!hasSignature)('the curl line of --auth iam signs', async () => {
  const dev = startDev('--auth', 'iam');
  const [, lines = ''] = await dev.waitFor(printed);
  expect(lines).toContain('--aws-sigv4 "aws:amz:us-east-1:execute-api"');
  const curl = spawnSync('sh', ['-c', curlOf(lines)], {
    // Another terminal, with another account in it.
    env: { PATH: process.env['PATH'], AWS_ACCESS_KEY_ID: 'mine', AWS_SECRET_ACCESS_KEY: 'mine', AWS_SESSION_TOKEN: 'mine' },
  });
  expect(String(curl.stdout)).toContain('Hello!');
});

const HEADER_AUTHORIZER = `export const handler = async (event: any) => {
  const { 'X-Token': token = event.headers['x-token'] } = event.headers;
  if (token !== 'sesame') throw new Error('Unauthorized');
  const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }];
  return { principalId: 'ada', policyDocument: { Version: '2012-10-17', Statement } };
};
`;

test('what dev prints works: a token in a header of its own, by a VPC endpoint', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-authorizer-'));
  try {
    const file = join(folder, 'authorizer.ts');
    writeFileSync(file, HEADER_AUTHORIZER);
    const lambda = ['--auth', 'lambda', '--authorizer', file];
    const token = ['--identity-source', 'method.request.header.X-Token'];
    const endpoint = ['--endpoint-type', 'private', '--vpc-endpoint-id', 'vpce-0123456789abcdef0'];
    const dev = startDev(...lambda, ...token, ...endpoint);
    const [, lines = ''] = await dev.waitFor(printed);
    const script = curlOf(lines);
    expect(script).toContain('export AGENTSTREAM_TOKEN=TOKEN\n');
    const run = (text: string): string => String(spawnSync('sh', ['-c', text]).stdout);
    expect(run(script.replace('=TOKEN\n', '=sesame\n'))).toContain('Hello!');
    expect(run(script)).toContain('Unauthorized');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--auth lambda runs the authorizer of a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-authorizer-'));
  try {
    const file = join(folder, 'authorizer.ts');
    writeFileSync(
      file,
      `interface Request { readonly headers: Record<string, string>; readonly methodArn: string }
export const handler = async ({ headers, methodArn }: Request) => {
  const [, name] = /^Bearer (ada|eve|guest)$/.exec(headers['authorization'] ?? headers['Authorization'] ?? '') ?? [];
  if (name === undefined) throw new Error('Unauthorized');
  const Effect = name === 'ada' ? 'Allow' : 'Deny';
  // A guest may probe; of anything else nothing is said.
  const isGuest = name === 'guest';
  const Resource = isGuest ? methodArn.replace('/POST/invoke', '/POST/probe') : methodArn;
  const Statement = [{ Action: 'execute-api:Invoke', Effect: isGuest ? 'Allow' : Effect, Resource }];
  return { principalId: name, policyDocument: { Version: '2012-10-17', Statement } };
};
`,
    );
    const flags = ['--auth', 'lambda', '--authorizer', file, '--user-id-from', 'principal'];
    const as = (token: string) => exec(`agentstream invoke --token ${token} hi`, ...flags);
    const [ada, eve, bob] = [await as('ada'), await as('eve'), await as('bob')];
    const guest = await as('guest');
    expect(ada.stdout).toContain('hi');
    expect(ada.exitCode).toBe(0);
    expect(eve.stderr).toContain('the endpoint answered 403');
    expect(guest.stderr).toContain('the endpoint answered 403');
    expect(bob.stderr).toContain('the endpoint answered 401');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [['--auth', 'lambda'], 'takes the authorizer as a file'],
  [['--authorizer', 'x.ts'], '--authorizer belongs to --auth lambda'],
])('%j is refused with what to do', async (flags, message) => {
  const result = await exec('true', ...flags);
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain(message);
});

test('an authorizer that no template can carry is a failure with its reason', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-authorizer-'));
  try {
    const file = join(folder, 'authorizer.ts');
    const code = `export const text = '${randomBytes(60_000).toString('hex')}';\nexport const handler = async () => ({ principalId: text });\n`;
    writeFileSync(file, code);
    const result = await exec('true', '--json', '--auth', 'lambda', '--authorizer', file);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/^error: the authorizer could not be deployed: .*51200/m);
    expect(result.stdout).toContain('"code":"AUTHORIZER_FAILED"');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
