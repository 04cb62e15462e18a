import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import { afterEach, expect, test } from 'vitest';
import type { PolicyDocument } from '../../../src/emulator/iam/policy.ts';
import { type LambdaHarness, startLambda } from './lambda-harness.ts';

let lambda: LambdaHarness | undefined;
afterEach(async () => {
  await lambda?.close();
});

const MAY_LOG: PolicyDocument = {
  Statement: { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:PutLogEvents'], Resource: '*' },
};

const HANDLER = `
exports.handler = async (event) => {
  process.stdout.write('hello\\n');
  if (event.die) process.exit(3);
  return 'ok';
};`;

/** A Lambda with a role that may do what the policy says. */
async function start(policy: PolicyDocument) {
  const harness = await startLambda({}, [policy]);
  lambda = harness;
  return {
    harness,
    /** Of a function's log, without ids and figures. */
    messages: (name: string): string[] =>
      (harness.logGroups.get(`/aws/lambda/${name}`)?.events ?? []).map(({ message }) =>
        message.replaceAll(/[0-9a-f-]{36}/g, 'ID').replaceAll(/\d+\.\d\d|(?<=Billed Duration: )\d+/g, 'N'),
      ),
  };
}

test('what Lambda writes around each invocation, and the function within', async () => {
  const { harness, messages } = await start(MAY_LOG);
  const name = await harness.deploy(HANDLER);
  await harness.run(name);
  await harness.run(name);
  const around = (init: string): string[] => [
    'START RequestId: ID Version: $LATEST\n',
    'hello\n',
    'END RequestId: ID\n',
    `REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: 128 MB\t${init}\n`,
  ];
  // Only the first has waited for the start.
  await expect.poll(() => messages(name)).toEqual([...around('Init Duration: N ms\t'), ...around('')]);
});

test('an invocation that ends with its process', async () => {
  const { harness, messages } = await start(MAY_LOG);
  const name = await harness.deploy(HANDLER);
  await harness.run(name, { die: true });
  await expect
    .poll(() => messages(name).at(-3))
    .toMatch(/^\S+Z RequestId: ID Error: Runtime exited with error: exit status 3\n$/);
});

test('a role that may not write leaves no log', async () => {
  const { harness, messages } = await start({ Statement: { Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource: '*' } });
  const name = await harness.deploy(HANDLER);
  await harness.run(name);
  expect(messages(name)).toEqual([]);
});

test('what the account may run at once, less what is reserved', async () => {
  const { harness } = await start(MAY_LOG);
  await harness.deploy(HANDLER, { ReservedConcurrentExecutions: 30 });
  const { AccountLimit, AccountUsage } = await harness.client.send(new GetAccountSettingsCommand({}));
  expect(AccountLimit).toMatchObject({ ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 970 });
  expect(AccountUsage).toMatchObject({ FunctionCount: 1 });
});
