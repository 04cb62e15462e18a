import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTokenSource } from '../../src/endpoint/token-source.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-token-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const jwt = (exp: number | undefined, name = 'ada'): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: name, exp })}.c2ln`;
};

/** A command that prints the token of the file, and counts how often it was asked. */
const command = (): string => `cat ${folder}/token; echo asked >> ${folder}/asked`;
const give = (text: string): void => writeFileSync(join(folder, 'token'), text);
const asked = (): number => readFileSync(join(folder, 'asked'), 'utf8').split('\n').length - 1;

test('a token that was given is the token, without the word and the space around it', async () => {
  expect(await createTokenSource({ token: 'abc.def~x+/=' })()).toBe('abc.def~x+/=');
  expect(await createTokenSource({ token: ' Bearer abc\n' })()).toBe('abc');
  const source = createTokenSource({ token: 'abc' });
  expect(await source('abc')).toBe('abc');
});

test.each(['', 'a b', 'a\r\nx-evil: 1', 'ä'])('what is no token is refused unseen: %j', async (token) => {
  const failure = await createTokenSource({ token })().catch((error: Error) => error);
  expect(failure).toMatchObject({ code: 'INVALID_TOKEN' });
  if (token !== '') expect(String(failure)).not.toContain(token);
});

test('a command is asked once, and its first line counts', async () => {
  give('Bearer first\nsecond\n');
  const source = createTokenSource({ command: command() });
  expect(await Promise.all([source(), source(), source()])).toEqual(['first', 'first', 'first']);
  expect(await source()).toBe('first');
  expect(asked()).toBe(1);
});

test('it is asked again a minute before the token ends by its own word', async () => {
  let now = 1_000_000;
  give(jwt(1_120));
  const source = createTokenSource({ command: command() }, () => now);
  const first = await source();
  now = 1_059_999;
  expect(await source()).toBe(first);
  expect(asked()).toBe(1);
  give(jwt(9_999));
  now = 1_060_000;
  expect(await source()).toBe(jwt(9_999));
  expect(asked()).toBe(2);
});

test('it is asked again for a token that was refused, once for all who were', async () => {
  give('old');
  const source = createTokenSource({ command: command() });
  expect(await source()).toBe('old');
  give('new');
  expect(await Promise.all([source('old'), source('old')])).toEqual(['new', 'new']);
  expect(await source('old')).toBe('new');
  expect(asked()).toBe(2);
});

test('a command that fails is told by its status, never by what it printed', async () => {
  const source = createTokenSource({ command: 'echo sEcReT; exit 3' });
  const failure = await source().catch((error: Error) => error);
  expect(failure).toMatchObject({ code: 'TOKEN_COMMAND_FAILED' });
  expect(String(failure)).toContain('status 3');
  expect(inspect(failure)).not.toContain('sEcReT');
});

test('one that prints nothing, or hangs, too', async () => {
  await expect(createTokenSource({ command: 'true' })()).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
  await expect(createTokenSource({ command: 'sleep 2; echo late' }, Date.now, 20)()).rejects.toThrow('ended by SIGTERM');
});

test('a failure is not remembered', async () => {
  const source = createTokenSource({ command: `cat ${folder}/token 2>/dev/null` });
  await expect(source()).rejects.toMatchObject({ code: 'TOKEN_COMMAND_FAILED' });
  give('late');
  expect(await source()).toBe('late');
});
