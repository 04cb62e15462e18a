import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LambdaHarness, startLambda } from './lambda-harness.ts';

let lambda: LambdaHarness;
beforeAll(async () => {
  lambda = await startLambda();
});
afterAll(() => lambda.close());

test.each([
  ['nodejs20.x', `exports.handler = (event, context, callback) => setImmediate(callback, null, event.a);`],
  ['nodejs22.x', `exports.handler = (event, context, callback) => { callback(null, event.a); };`],
  ['nodejs22.x', `exports.handler = (event, context) => context.succeed(event.a);`],
  ['nodejs22.x', `exports.handler = async (event) => event.a;`],
])('%s takes %s', async (Runtime, code) => {
  const name = await lambda.deploy(code, { Runtime });
  for (const a of ['first', 'second']) expect((await lambda.run(name, { a })).chunks.join('')).toBe(`"${a}"`);
});

test('a callback with an error fails the call; a handler that says nothing answers null', async () => {
  const fails = await lambda.deploy(`exports.handler = (event, context, done) => done(new TypeError('said so'));`, {
    Runtime: 'nodejs22.x',
  });
  expect((await lambda.run(fails)).completion).toMatchObject({ errorType: 'TypeError', errorMessage: 'said so' });
  const silent = await lambda.deploy(`exports.handler = (event, context, done) => {};`, { Runtime: 'nodejs22.x' });
  expect((await lambda.run(silent)).chunks.join('')).toBe('null');
});

test.each([
  ['--experimental-detect-module', `export const handler = async () => 'an ES module';`],
  [
    '--experimental-require-module',
    `require('node:fs').writeFileSync('/tmp/required-by-a-test.mjs', 'export const x = 1;');
     require('/tmp/required-by-a-test.mjs');
     exports.handler = async () => 'an ES module';`,
  ],
])('NODE_OPTIONS of the function turn %s on', async (NODE_OPTIONS, code) => {
  const name = await lambda.deploy(code, { Environment: { Variables: { NODE_OPTIONS } } });
  expect((await lambda.run(name)).chunks.join('')).toBe('"an ES module"');
});
