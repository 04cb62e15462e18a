import { expect, test } from 'vitest';
import { startLambda, streaming } from './lambda-harness.ts';

const CODE = streaming('stream.write(String(process.env._X_AMZN_TRACE_ID)); stream.end();');

test.each([
  ['PassThrough', 0],
  ['Active', 1],
])('a function that traces %s is told so with each invocation', async (Mode, sampled) => {
  await using lambda = await startLambda();
  const name = await lambda.deploy(CODE, { TracingConfig: { Mode } });
  const first = (await lambda.run(name)).chunks.join('');
  const second = (await lambda.run(name)).chunks.join('');
  const form = new RegExp(`^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=${sampled}$`);
  expect([first, second]).toEqual([expect.stringMatching(form), expect.stringMatching(form)]);
  expect(first).not.toBe(second);
});
