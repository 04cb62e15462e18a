import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AGENT_ARN } from '../helpers/chain.ts';
import { jsonLines } from '../helpers/run-cli.ts';
import { resultOf, startStackWorld, type StackWorld } from '../helpers/stack-world.ts';
import { send } from '../helpers/post.ts';

let world: StackWorld;
beforeAll(async () => {
  world = await startStackWorld();
});
afterEach(() => world.reset());
afterAll(() => world?.close());

/** The key that the stack names now. */
const currentKey = async (): Promise<string> => (await world.run('status', '--show-key')).stdout.trim();

const statusOf = async (url: string, key: string): Promise<number> =>
  (await send('POST', `${url}/invoke`, { prompt: 'hi' }, { 'x-api-key': key })).status;

const deployed = async (...args: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await world.deploy(...args);
  expect(stderr).not.toContain('error:');
  expect(exitCode).toBe(0);
  return stdout.trim();
};

test('rotate: a new key at once, the old one until it is retired', async () => {
  const url = await deployed();
  const old = await currentKey();
  const rotated = await world.run('key', 'rotate');
  expect(rotated.exitCode).toBe(0);
  expect(rotated.stderr).toContain('the stack has a new API key; the old one stays valid');
  expect(rotated.stderr).toContain('agentstream key retire');
  const key = await currentKey();
  expect(key).not.toBe(old);
  expect(rotated.stdout + rotated.stderr).not.toContain(key);
  expect([await statusOf(url, old), await statusOf(url, key)]).toEqual([200, 200]);

  const retired = await world.run('key', 'retire');
  expect(retired).toMatchObject({ exitCode: 0 });
  expect(retired.stderr).toContain('the old API key is deleted');
  expect([await statusOf(url, old), await statusOf(url, key)]).toEqual([403, 200]);
  // Clients that read the key from the stack have it already.
  expect((await world.run('invoke', 'hi')).exitCode).toBe(0);
});

test('again and again: each round ends the key before it', async () => {
  const url = await deployed();
  const keys = [await currentKey()];
  for (let round = 0; round < 2; round += 1) {
    expect(resultOf(await world.run('key', 'rotate', '--json'))).toMatchObject({
      ok: true,
      outcome: 'rotated',
      apiKeyId: expect.any(String) as string,
      otherApiKeyId: expect.any(String) as string,
    });
    const retired = resultOf(await world.run('key', 'retire', '--json'));
    expect(retired).toMatchObject({ ok: true, outcome: 'retired' });
    expect(retired).not.toHaveProperty('otherApiKeyId');
    keys.push(await currentKey());
  }
  expect(new Set(keys).size).toBe(3);
  expect(await Promise.all(keys.map((key) => statusOf(url, key)))).toEqual([403, 403, 200]);
});

test('two keys are enough: a rotation within a grace period is refused with words', async () => {
  await deployed();
  await world.run('key', 'rotate');
  const key = await currentKey();
  const again = await world.run('key', 'rotate', '--json');
  expect(again.exitCode).toBe(1);
  expect(resultOf(again)).toMatchObject({ ok: false, error: { code: 'KEY_NOT_RETIRED' } });
  expect(again.stderr).toContain('already has two valid API keys');
  expect(again.stderr).toContain('agentstream key retire');
  expect(await currentKey()).toBe(key);
});

test('--grace waits, and retires', async () => {
  const url = await deployed();
  const old = await currentKey();
  const result = await world.run('key', 'rotate', '--grace', '50ms');
  expect(result).toMatchObject({ exitCode: 0 });
  expect(result.stderr).toMatch(/valid for another 50 ms\n[^]*the old API key is deleted\n$/);
  expect([await statusOf(url, old), await statusOf(url, await currentKey())]).toEqual([403, 200]);
});

test('Ctrl-C in the grace period leaves both keys valid, and says so', async () => {
  const url = await deployed();
  const old = await currentKey();
  const { terminal, done } = world.begin('key', 'rotate', '--grace', '1h');
  await expect.poll(() => terminal.text.stderr, { timeout: 60_000 }).toContain('for another 60 min');
  terminal.interrupt();
  expect(await done).toBe(130);
  expect(terminal.text.stderr).toContain('stopped: both API keys stay valid');
  expect(terminal.text.stderr).toMatch(/agentstream key retire.* deletes the old one/);
  expect([await statusOf(url, old), await statusOf(url, await currentKey())]).toEqual([200, 200]);
});

test('retire without an older key changes nothing', async () => {
  await deployed();
  const key = await currentKey();
  const result = await world.run('key', 'retire', '--json');
  expect(result.exitCode).toBe(0);
  expect(resultOf(result)).toMatchObject({ outcome: 'no-changes' });
  expect(jsonLines(result.stdout).map(({ type }) => type)).not.toContain('changes');
  expect(await currentKey()).toBe(key);
});

test('nothing but the keys changes: settings, URL and a function of the user’s own stay', async () => {
  const handler = join(world.stateFolder, 'own.ts');
  writeFileSync(handler, 'export const handler = async () => "own";\n');
  const url = await deployed('--memory', '1024', '--handler', handler);
  const { changes } = jsonLines((await world.run('key', 'rotate', '--json')).stdout).find(({ type }) => type === 'changes') as {
    readonly changes: readonly { readonly logicalId: string; readonly type?: string }[];
  };
  const ids = changes.map(({ logicalId }) => logicalId);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.filter((id) => !/Key/.test(id))).toEqual([]);
  expect(resultOf(await world.run('status', '--json'))).toMatchObject({
    url,
    parameters: { MemorySize: '1024', AgentRuntimeArn: AGENT_ARN },
  });
});

test('a later deploy keeps what a rotation has come to', async () => {
  await deployed();
  await world.run('key', 'rotate');
  const key = await currentKey();
  await deployed('--memory', '1024');
  expect(await currentKey()).toBe(key);
  expect(resultOf(await world.run('key', 'retire', '--json'))['outcome']).toBe('retired');
});

test('sessions that belong to a key end with it: that is said', async () => {
  await deployed('--session-scope', 'caller');
  expect((await world.run('key', 'rotate')).stderr).toContain('those of the old key end with it');
});

test.each(['rotate', 'retire'])('%s is for stacks with a key', async (verb) => {
  await deployed('--auth', 'iam');
  const other = await world.run('key', verb);
  expect(other.exitCode).toBe(1);
  expect(other.stderr).toContain('it authorizes callers by --auth iam');
  const nowhere = await world.run('key', verb, '--stack-name', 'nowhere');
  expect(nowhere).toMatchObject({ exitCode: 1 });
  expect(nowhere.stderr).toContain('there is no stack nowhere');
});

test('a stack of a template with one key has to be updated first', async () => {
  await world.cloudFormation.send(
    new CreateStackCommand({
      StackName: 'old',
      TemplateBody: `
Description: agentstream of an earlier version
Parameters: { AuthMode: { Type: String, Default: api-key } }
Resources: { Topic: { Type: AWS::SNS::Topic } }
`,
    }),
  );
  const result = await world.run('key', 'rotate', '--stack-name', 'old', '--json');
  expect(result.exitCode).toBe(1);
  expect(resultOf(result)).toMatchObject({ ok: false, error: { code: 'STACK_TOO_OLD' } });
  expect(result.stderr).toContain('hint: update the stack first: agentstream deploy');
});

test('a time that is none is refused before anything is asked', async () => {
  const result = await world.run('key', 'rotate', '--grace', 'soon');
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('--grace takes a time');
});
