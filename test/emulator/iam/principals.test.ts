import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type EmulatorEvent,
  type Emulator,
  type PolicyDocument,
  type Principal,
  startEmulator,
} from '../../../src/emulator/index.ts';

const REGION = 'eu-west-1';
const ROLE_ARN = 'arn:aws:iam::000000000000:role/service';
const STACKS = { Effect: 'Allow', Action: 'cloudformation:*', Resource: '*' } as const;
const statement = (Action: string | string[], Resource = '*', Condition = {}) =>
  ({ Effect: 'Allow', Action, Resource, Condition }) as const;
const principal = (name: string, policy?: PolicyDocument): Principal => ({
  accessKeyId: `AKIA${name.toUpperCase()}`,
  secretAccessKey: `secret of ${name}`,
  ...(policy && { policy }),
});

const ANN = principal('ann', { Statement: [STACKS, statement(['logs:*'])] });
const BOB = principal('bob', { Statement: [STACKS] });
const PASSER = principal('passer', {
  Statement: [
    STACKS,
    statement('iam:PassRole', ROLE_ARN, { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } }),
  ],
});
const DENIED = principal('denied', {
  Statement: [STACKS, statement('logs:*'), { Effect: 'Deny', Action: 'logs:Put*', Resource: '*' }],
});
const FREE = principal('free');
const ROLE = {
  ...principal('role', {
    Statement: statement(['logs:CreateLogGroup', 'logs:Describe*', 'logs:Get*', 'logs:TagResource', 'logs:DeleteLogGroup']),
  }),
  arn: ROLE_ARN,
};

let emulator: Emulator;
const events: EmulatorEvent[] = [];
beforeAll(async () => {
  emulator = await startEmulator({ principals: [ANN, BOB, PASSER, DENIED, FREE, ROLE], onEvent: (event) => events.push(event) });
});
beforeEach(() => void events.splice(0));
afterAll(() => emulator.close());

function config(who: Principal) {
  const { accessKeyId, secretAccessKey } = who;
  const credentials = { accessKeyId, secretAccessKey };
  return { endpoint: emulator.url, region: REGION, credentials, maxAttempts: 1 };
}

const TEMPLATE = { Resources: { Group: { Type: 'AWS::Logs::LogGroup', Properties: {} } } };

async function settled(StackName: string): Promise<Stack> {
  const client = new CloudFormationClient(config(FREE));
  for (;;) {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const [stack] = Stacks;
    if (stack && !stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
  }
}

async function create(who: Principal, input: { RoleARN?: string; name: string }, properties = {}) {
  const { name: StackName, ...rest } = input;
  const client = new CloudFormationClient(config(who));
  const body = { Resources: { Group: { ...TEMPLATE.Resources.Group, Properties: properties } } };
  const { StackId = '' } = await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(body), ...rest }));
  return settled(StackId);
}

const resourceCalls = () => events.filter((event) => event.type === 'resource-call');

test('a call is checked against the policy, and refused in AWS’s words', async () => {
  await expect(new APIGatewayClient(config(ANN)).send(new GetRestApisCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 403 },
    message: `User: arn:aws:iam::000000000000:user/AKIAANN is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:${REGION}::/restapis because no identity-based policy allows the apigateway:GET action`,
  });
  await expect(new LambdaClient(config(ANN)).send(new ListFunctionsCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  const client = new CloudFormationClient(config(ROLE));
  await expect(client.send(new ListStacksCommand({}))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('cloudformation:ListStacks on resource: *'),
  });
  expect(events.filter(({ type }) => type === 'authorization')).toHaveLength(3);
});

test('a principal without a policy may do everything, and its signature is checked all the same', async () => {
  const lambda = new LambdaClient(config(FREE));
  expect((await lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  const wrong = new LambdaClient(config({ ...FREE, secretAccessKey: 'another' }));
  await expect(wrong.send(new ListFunctionsCommand({}))).rejects.toMatchObject({ name: 'InvalidSignatureException' });
});

test('what CloudFormation does is done with the permissions of the caller', async () => {
  expect((await create(ANN, { name: 'of-ann' })).StackStatus).toBe('CREATE_COMPLETE');
  const calls = resourceCalls();
  expect(calls.map(({ action }) => action)).toEqual([
    'logs:DescribeLogGroups',
    'logs:CreateLogGroup',
    'logs:TagResource',
    'logs:GetDataProtectionPolicy',
  ]);
  expect(calls[1]).toMatchObject({
    caller: 'arn:aws:iam::000000000000:user/AKIAANN',
    resource: expect.stringMatching(/^arn:aws:logs:eu-west-1:000000000000:log-group:of-ann-Group-[A-Z0-9]{12}$/),
    allowed: true,
  });
  // The name that was asked for is the name that it has.
  expect(emulator.inventory().logGroups).toContain(calls[1]?.resource.split(':').at(-1));
});

test('a resource that the caller may not make fails, with the action that is missing', async () => {
  const stack = await create(BOB, { name: 'of-bob' });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(resourceCalls().at(-1)).toMatchObject({ action: 'logs:DescribeLogGroups', allowed: false });
  expect(emulator.inventory().logGroups.filter((name) => name.startsWith('of-bob'))).toEqual([]);
});

test('an explicit Deny is told as one', async () => {
  const stack = await create(DENIED, { name: 'of-denied' }, { RetentionInDays: 7 });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(resourceCalls().find(({ allowed }) => !allowed)?.action).toBe('logs:PutRetentionPolicy');
});

test('a delete by somebody who may not delete leaves the stack as it is', async () => {
  await create(FREE, { name: 'kept' });
  const client = new CloudFormationClient(config(BOB));
  await client.send(new DeleteStackCommand({ StackName: 'kept' }));
  const stack = await settled('kept');
  expect(stack.StackStatus).toBe('DELETE_FAILED');
  expect(stack.StackStatusReason).toContain('[Group]');
});

test('a service role acts in place of the caller, who has to be allowed to hand it over', async () => {
  const input = { name: 'by-role', RoleARN: ROLE_ARN };
  await expect(create(BOB, input)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(`iam:PassRole on resource: ${ROLE_ARN}`),
  });
  expect(await create(PASSER, input)).toMatchObject({ StackStatus: 'CREATE_COMPLETE', RoleARN: ROLE_ARN });
  expect(new Set(resourceCalls().map(({ caller }) => caller))).toEqual(new Set([ROLE_ARN]));
  // Whoever may operate on the stack does so with its role (API reference, CreateStack, RoleARN); this one may not set retentions.
  const client = new CloudFormationClient(config(FREE));
  const body = { Resources: { Group: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 1 } } } };
  await client.send(new UpdateStackCommand({ StackName: 'by-role', TemplateBody: JSON.stringify(body) }));
  expect((await settled('by-role')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(resourceCalls().find(({ allowed }) => !allowed)).toMatchObject({ caller: ROLE_ARN, action: 'logs:PutRetentionPolicy' });
});

test('a role is bounded by the policy that its boundary names', async () => {
  const { createIam } = await import('../../../src/emulator/iam/service.ts');
  const boundary = 'arn:aws:iam::000000000000:policy/boundary';
  const managed = 'arn:aws:iam::000000000000:policy/more';
  const iam = createIam(
    { partition: 'aws', accountId: '000000000000' },
    {
      managedPolicies: new Map<string, PolicyDocument>([
        [boundary, { Statement: statement(['logs:*', 'xray:*']) }],
        [managed, { Statement: statement('xray:PutTraceSegments') }],
      ]),
    },
  );
  const arn = 'arn:aws:iam::000000000000:role/bounded';
  iam.putRole({
    name: 'bounded',
    arn,
    trustPolicy: { Statement: { ...statement('sts:AssumeRole'), Principal: '*' } },
    policies: new Map<string, PolicyDocument>([['all', { Statement: statement(['logs:*', 's3:*']) }]]),
    managedPolicyArns: [managed],
    permissionsBoundary: boundary,
  });
  const { accessKeyId } = iam.assumeRole(arn, 'lambda.amazonaws.com');
  const may = (action: string) => {
    try {
      iam.authorize(accessKeyId, action, ['*']);
      return true;
    } catch {
      return false;
    }
  };
  expect(['logs:PutLogEvents', 'xray:PutTraceSegments', 's3:GetObject', 'xray:GetGroups'].map(may)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
