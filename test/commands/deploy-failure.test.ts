import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/index.ts';
import { jsonLines, runCli } from '../helpers/run-cli.ts';
import { AGENT_ARN } from '../helpers/chain.ts';
import { resultOf, startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

let world: StackWorld;
beforeAll(async () => {
  world = await startStackWorld();
});
afterEach(() => world.reset());
afterAll(() => world.close());

/** As CloudFormation words what a resource handler says. */
const handler = (message: string, code: string): string =>
  `Resource handler returned message: "${message}" (RequestToken: 2a7b1c4d-1f00-4a00-8b00-0c00000000de, HandlerErrorCode: ${code})`;

test.each([
  [
    handler(
      'User: arn:aws:sts::111122223333:assumed-role/Deployer/me is not authorized to perform: lambda:CreateFunction on resource: arn:aws:lambda:us-east-1:111122223333:function:x because no identity-based policy allows the lambda:CreateFunction action (Service: Lambda, Status Code: 403)',
      'AccessDenied',
    ),
    'hint: allow lambda:CreateFunction to the identity that deploys (the whole policy: agentstream iam-policy); the stack is now ROLLBACK_COMPLETE',
  ],
  [
    handler("Resource of type 'AWS::Lambda::Function' with identifier 'x' already exists.", 'AlreadyExists'),
    'hint: a resource of that name already exists',
  ],
  [
    handler('Code storage limit exceeded. (Service: Lambda, Status Code: 400)', 'ServiceLimitExceeded'),
    'hint: a quota of the account is exhausted',
  ],
  [handler('The role ARN arn:aws:iam::111122223333:role/x is invalid', 'InvalidRequest'), 'hint: check the ARN and the Region'],
  [
    'CloudWatch Logs role ARN must be set in account settings to enable logging (Service: ApiGateway, Status Code: 400)',
    'hint: give API Gateway a role for its logs, once for the account and Region: aws apigateway update-account',
  ],
  [handler('Rate exceeded (Service: Lambda, Status Code: 429)', 'Throttling'), 'AWS throttles this account'],
])('a reason has its cure: %s', async (reason, hint) => {
  world.misfortune.failResources = { Function: reason };
  const result = await world.deploy();
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('error: Function (AWS::Lambda::Function) failed: ');
  expect(result.stderr).toContain(hint);
  // Neither accounts nor ARNs in what people paste into tickets.
  expect(result.stderr).not.toMatch(/arn:aws|\d{12}/);
});

test('the first failure is the headline, whatever was cancelled for it, and it is told before the rollback ends', async () => {
  world.misfortune.failResources = { ApiKey: 'Something about keys.' };
  world.misfortune.slowResources = { FunctionLogGroup: Number.POSITIVE_INFINITY };
  const failKey = world.hold('ApiKey');
  const { terminal, done } = world.begin('deploy', '--agent-arn', AGENT_ARN);
  await expect.poll(() => terminal.text.stderr).toContain('CREATE_COMPLETE Api (');
  const deleteApi = world.hold('Api');
  failKey();
  await expect.poll(() => terminal.text.stderr).toContain('CREATE_FAILED ApiKey (AWS::ApiGateway::ApiKey) Something about keys.');
  expect(await world.status()).toBe('ROLLBACK_IN_PROGRESS');
  deleteApi();
  expect(await done).toBe(1);
  const { stderr } = terminal.text;
  expect(stderr).toContain('CREATE_FAILED FunctionLogGroup (AWS::Logs::LogGroup) Resource creation cancelled');
  expect(stderr).toContain('error: ApiKey (AWS::ApiGateway::ApiKey) failed: Something about keys.');
  expect(await world.status()).toBe('ROLLBACK_COMPLETE');
});

test('--json: every event with its version, and the failure as the last line', async () => {
  world.misfortune.failResources = { Stage: 'No.' };
  const result = await world.deploy('--json');
  const lines = jsonLines(result.stdout);
  expect(new Set(lines.map(({ version }) => version))).toEqual(new Set([1]));
  expect(lines).toContainEqual({
    type: 'stack-event',
    version: 1,
    id: expect.any(String),
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    logicalId: 'Stage',
    resourceType: 'AWS::ApiGateway::Stage',
    status: 'CREATE_FAILED',
    reason: 'No.',
    isStack: false,
  });
  expect(lines.map(({ type }) => type)).toContain('begun');
  expect(lines.at(-1)).toMatchObject({
    type: 'result',
    ok: false,
    error: { code: 'DEPLOY_FAILED', message: 'Stage (AWS::ApiGateway::Stage) failed: No.' },
  });
});

test('a log without colours of every run, for its owner, named in the error', async () => {
  world.misfortune.failResources = { Function: 'No.' };
  const env = { ...world.env, FORCE_COLOR: '1' };
  const result = await runCli(['deploy', '--agent-arn', AGENT_ARN], { env });
  const path = /the log of this run: (\S+)/.exec(result.stderr)?.[1] ?? '';
  expect(path).toMatch(/\/agentstream\/logs\/\S+-deploy-agentstream\.log$/);
  const log = readFileSync(path, 'utf8');
  expect(log).toMatch(/^\d{4}-\S+Z CREATE_FAILED Function \(AWS::Lambda::Function\) No\.$/m);
  expect(log).toMatch(/OperationError: Function \(AWS::Lambda::Function\) failed: No\.\n/);
  expect(log).toContain('ok: the agent test_agent-0123456789 in us-east-1 is ready');
  expect(log).not.toContain('\u001B');
  expect(log).not.toMatch(/arn:aws|\d{12}/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('old logs go: not more than twenty runs are kept', async () => {
  for (let run = 0; run < 22; run += 1) await world.run('destroy', '--yes');
  expect(readdirSync(join(world.stateFolder, 'agentstream', 'logs')).length).toBeLessThanOrEqual(21);
});

test('what CloudFormation refuses to do at all has a hint, too', async () => {
  world.misfortune.refuseCall = ({ action }) =>
    action === 'CreateChangeSet'
      ? new AwsError(
          'AccessDenied',
          403,
          'User: arn:aws:iam::111122223333:user/me is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:us-east-1:111122223333:stack/agentstream/*',
        )
      : undefined;
  const result = await world.deploy('--json');
  expect(resultOf(result)).toMatchObject({
    ok: false,
    error: {
      message: 'User: user/me is not authorized to perform: cloudformation:CreateChangeSet on resource: stack/agentstream/*',
      hint: expect.stringContaining(
        'allow cloudformation:CreateChangeSet to the identity that deploys (the whole policy: agentstream iam-policy)',
      ),
    },
  });
});
