import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { send } from '../helpers/post.ts';
import { resultOf, startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

let world: StackWorld;
let folder: string;
beforeAll(async () => {
  world = await startStackWorld();
  folder = mkdtempSync(join(tmpdir(), 'agentstream-handler-'));
});
afterEach(() => world.reset());
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const HANDLER = `
declare const awslambda: any;
interface Greeting { readonly text: string }
const greeting: Greeting = { text: 'from a handler of my own' };
export const handler = awslambda.streamifyResponse(async (_event: unknown, stream: any) => {
  const response = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { 'content-type': 'text/plain' } });
  response.write(greeting.text);
  response.end();
});
`;

test("a user's own TypeScript handler is bundled, deployed and serves, and its size is told", async () => {
  const result = await world.deploy('--auth', 'none', '--handler', file('mine.ts', HANDLER));
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toMatch(/^built the function \(\d+ B; with the template \d+(\.\d)? kB of 51\.2 kB\)$/m);
  const answer = await send('POST', `${result.stdout.trim()}/invoke`, { prompt: 'hi' });
  expect(answer.text).toBe('from a handler of my own');
  expect(resultOf(await world.run('deploy', '--handler', '', '--json'))).toMatchObject({
    outcome: 'updated',
    functionBytes: expect.any(Number),
    templateBytes: expect.any(Number),
  });
});

test.each([
  ['no such file', () => join(folder, 'nowhere.ts'), 2, /there is no file .*nowhere\.ts\nhint: --handler takes/],
  [
    'no export of that name',
    () => file('other.ts', 'export const main = 1; export const more = 2;'),
    2,
    /other\.ts exports main, more, and no handler\nhint: export const handler = /,
  ],
  ['no export at all', () => file('none.ts', 'const handler = 1;'), 2, /exports nothing, and no handler/],
  [
    'a mistake in it',
    () => file('wrong.ts', 'import x from "./missing.ts";\nexport const handler = x;'),
    1,
    /wrong\.ts:1:14: Could not resolve "\.\/missing\.ts"\n/,
  ],
  [
    'two mistakes in it',
    () => file('wronger.ts', 'import x from "./missing.ts";\nimport y from "./lost.ts";\nexport const handler = x + y;'),
    1,
    /wronger\.ts:\d:14: Could not resolve .* \(and 1 more\)\n/,
  ],
])('%s is said before anything is asked of AWS', async (_, makeFile, exitCode, message) => {
  const before = world.calls.length;
  const result = await world.deploy('--handler', makeFile());
  expect(result.exitCode).toBe(exitCode);
  expect(result.stderr).toMatch(message);
  expect(world.calls.length).toBe(before);
});

test('one that does not fit inline: how much too large, and what takes the room', async () => {
  file('huge.ts', `export const text = ${JSON.stringify(randomBytes(30_000).toString('hex'))};`);
  const entry = file('large.ts', "import { text } from './huge.ts';\nexport const handler = () => text;");
  const result = await world.deploy('--handler', entry, '--json');
  expect(result.exitCode).toBe(1);
  expect(resultOf(result)).toMatchObject({
    error: {
      code: 'TEMPLATE_TOO_LARGE',
      message: expect.stringMatching(/has \d+ bytes, \d+ more than CloudFormation accepts in a request/),
      hint: expect.stringMatching(/the template contains the function.*: \S*huge\.ts 60,\d\d\d/),
    },
  });
});

test('a handler may import at run time, and its stack traces name a file of its own', async () => {
  const entry = file(
    'late.ts',
    `export const handler = awslambda.streamifyResponse(async (_event: unknown, stream: any) => {
  const response = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { 'content-type': 'text/plain' } });
  const { basename } = await import('node:path');
  response.write(basename('/a/b') + ' ' + new Error('here').stack);
  response.end();
});
`,
  );
  const result = await world.deploy('--auth', 'none', '--handler', entry);
  const answer = await send('POST', `${result.stdout.trim()}/invoke`, { prompt: 'hi' });
  expect(answer.text).toMatch(/^b Error: here\n +at .*\/function\.js:\d+:\d+\)?$/m);
});

test('a CommonJS handler is taken as it is', async () => {
  const entry = file(
    'plain.cjs',
    "exports.handler = awslambda.streamifyResponse(async (e, s) => { s = awslambda.HttpResponseStream.from(s, { statusCode: 200 }); s.write('plain'); s.end(); });",
  );
  const result = await world.deploy('--auth', 'none', '--handler', entry);
  const answer = await send('POST', `${result.stdout.trim()}/invoke`, { prompt: 'hi' });
  expect(answer.text).toBe('plain');
});

test('the stack remembers whose code runs: a deploy without --handler stops, status says it', async () => {
  const mine = file('remembered.ts', HANDLER);
  await world.deploy('--auth', 'none', '--handler', mine);
  expect((await world.run('status')).stdout).toMatch(/^Function .*, with your own handler remembered\.ts$/m);
  for (const args of [
    ['--memory', '256'],
    ['--memory', '256', '--dry-run'],
  ]) {
    const refused = await world.run('deploy', ...args, '--json');
    expect(refused.exitCode).toBe(2);
    expect(resultOf(refused)).toMatchObject({
      error: {
        code: 'OWN_HANDLER',
        message: 'the stack agentstream runs your own handler (remembered.ts), which was not given',
        hint: expect.stringMatching(/ --handler remembered\.ts; or go back to the bundled one: .* --handler ''/),
      },
    });
  }
  const again = await world.run('deploy', '--memory', '256', '--handler', mine);
  expect(again.exitCode).toBe(0);
  const answer = await send('POST', `${again.stdout.trim()}/invoke`, { prompt: 'hi' });
  expect(answer.text).toBe('from a handler of my own');
  expect((await world.run('deploy', '--handler', '')).exitCode).toBe(0);
  expect((await world.run('status')).stdout).not.toContain('your own handler');
  expect((await world.run('deploy', '--memory', '512')).exitCode).toBe(0);
});

test('control characters in literals of a handler arrive', async () => {
  const entry = file(
    'controls.cjs',
    "exports.handler = awslambda.streamifyResponse(async (e, s) => { s = awslambda.HttpResponseStream.from(s, { statusCode: 200 }); s.write(String(['a\\x1fb\\0', `a\\x7f`].map((x) => x.length)) + /[\\x00-\\x1f]/.test('\\x01')); s.end(); });",
  );
  const result = await world.deploy('--auth', 'none', '--handler', entry);
  const answer = await send('POST', `${result.stdout.trim()}/invoke`, { prompt: 'hi' });
  expect(answer.text).toBe('4,2true');
});
