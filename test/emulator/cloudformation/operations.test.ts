import {
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  RollbackStackCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudFormationServer, startCloudFormation } from './cloudformation-server.ts';

const template = (a: number, b = 1) => `
Resources:
  A: { Type: 'Test::Thing', Properties: { Size: ${a} } }
  B: { Type: 'Test::Thing', Properties: { Size: ${b}, Label: !Ref A } }
`;

let aws: CloudFormationServer;
const options = { failResources: {} as Record<string, string>, failRestores: {} as Record<string, string> };
beforeEach(async () => {
  options.failResources = {};
  options.failRestores = {};
  aws = await startCloudFormation(options);
});
afterEach(() => aws.close());

const create = (TemplateBody = template(1)) => aws.client.send(new CreateStackCommand({ StackName: 's1', TemplateBody }));
const update = (TemplateBody: string, DisableRollback = false) =>
  aws.client.send(new UpdateStackCommand({ StackName: 's1', TemplateBody, DisableRollback }));
const settle = async () => (await aws.settled('s1')).StackStatus;

describe('operations', () => {
  it('have ids, which events carry and the stack lists, the newest first', async () => {
    const { OperationId: created } = await create();
    await settle();
    const { OperationId: updated } = await update(template(2));
    const stack = await aws.settled('s1');
    expect(stack.LastOperations).toEqual([
      { OperationType: 'UPDATE_STACK', OperationId: updated },
      { OperationType: 'CREATE_STACK', OperationId: created },
    ]);
    const { StackEvents = [] } = await aws.client.send(new DescribeStackEventsCommand({ StackName: 's1' }));
    expect(new Set(StackEvents.map(({ OperationId }) => OperationId))).toEqual(new Set([created, updated]));
    const { OperationEvents = [] } = await aws.client.send(new DescribeEventsCommand({ OperationId: updated }));
    expect(OperationEvents[0]).toMatchObject({
      OperationType: 'UPDATE_STACK',
      EventType: 'STACK_EVENT',
      LogicalResourceId: 's1',
      ResourceStatus: 'UPDATE_COMPLETE',
    });
    expect(new Set(OperationEvents.map(({ OperationId }) => OperationId))).toEqual(new Set([updated]));
  });

  it('tell their failures alone when asked to', async () => {
    options.failResources = { B: 'no' };
    await create();
    await settle();
    const { OperationEvents = [] } = await aws.client.send(
      new DescribeEventsCommand({ StackName: 's1', Filters: { FailedEvents: true } }),
    );
    expect(OperationEvents).toHaveLength(1);
    expect(OperationEvents[0]).toMatchObject({
      EventType: 'PROVISIONING_ERROR',
      LogicalResourceId: 'B',
      ResourceStatusReason: 'no',
    });
    await expect(aws.client.send(new DescribeEventsCommand({}))).rejects.toThrow(
      'One of ChangeSetName, OperationId or StackName must be specified',
    );
  });
});

describe('RollbackStack', () => {
  it('goes back to where the stack was well, over any number of failed updates', async () => {
    await create();
    await settle();
    options.failResources = { B: 'no' };
    const withNew = (size: number, id: string) =>
      `${template(size, size).replace('!Ref A }', `!Ref A }, DependsOn: ${id}`)}  ${id}: { Type: 'Test::Thing', Properties: { Size: 9 } }\n`;
    await update(withNew(2, 'N1'), true);
    expect(await settle()).toBe('UPDATE_FAILED');
    await update(withNew(3, 'N2'), true);
    expect(await settle()).toBe('UPDATE_FAILED');
    expect(aws.things.existing.size).toBe(4);
    const { OperationId } = await aws.client.send(new RollbackStackCommand({ StackName: 's1' }));
    const stack = await aws.settled('s1');
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.LastOperations?.[0]).toEqual({ OperationType: 'ROLLBACK', OperationId });
    expect([...aws.things.existing.values()].map(({ Size }) => Size)).toEqual([1, 1]);
    options.failResources = {};
    await update(template(4));
    expect(await settle()).toBe('UPDATE_COMPLETE');
  });

  it('deletes a stack that never was well, and is refused when nothing has failed', async () => {
    options.failResources = { B: 'no' };
    const { StackId = '' } = await aws.client.send(
      new CreateStackCommand({ StackName: 's1', TemplateBody: template(1), DisableRollback: true }),
    );
    expect(await settle()).toBe('CREATE_FAILED');
    await aws.client.send(new RollbackStackCommand({ StackName: 's1' }));
    expect((await aws.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    expect(aws.things.existing.size).toBe(0);
    options.failResources = {};
    await create();
    await settle();
    await expect(aws.client.send(new RollbackStackCommand({ StackName: 's1' }))).rejects.toThrow(
      'is in CREATE_COMPLETE state and can not be rolled back.',
    );
  });
});

describe('ContinueUpdateRollback', () => {
  const fail = async () => {
    await create(template(1).replace('Size: 1 }', 'Size: 1, Name: old }'));
    await settle();
    options.failResources = { Bad: 'no' };
    options.failRestores = { B: 'stuck' };
    await update(
      `${template(1, 2).replace('Size: 1 }', 'Size: 1, Name: new }')}  Bad: { Type: 'Test::Thing', DependsOn: [A, B], Properties: { Size: 1 } }\n`,
    );
    expect(await settle()).toBe('UPDATE_ROLLBACK_FAILED');
  };

  it('goes on when the cause is mended, and leaves nothing twice or behind', async () => {
    await fail();
    await aws.client.send(new ContinueUpdateRollbackCommand({ StackName: 's1' }));
    expect(await settle()).toBe('UPDATE_ROLLBACK_FAILED');
    options.failRestores = {};
    await aws.client.send(new ContinueUpdateRollbackCommand({ StackName: 's1' }));
    expect(await settle()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(aws.things.existing.size).toBe(2);
    expect(aws.things.existing.has('old')).toBe(true);
    expect(aws.things.calls.filter((call) => call === 'delete A')).toHaveLength(1);
  });

  it('skips what it is told to, if that has failed', async () => {
    await fail();
    const skip = (ResourcesToSkip: string[]) =>
      aws.client.send(new ContinueUpdateRollbackCommand({ StackName: 's1', ResourcesToSkip }));
    await expect(skip(['A'])).rejects.toThrow('Resources [A] are not in UPDATE_FAILED state');
    await skip(['B']);
    expect(await settle()).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

it('a protected stack refuses to be deleted', async () => {
  await create();
  await settle();
  const protect = (EnableTerminationProtection: boolean) =>
    aws.client.send(new UpdateTerminationProtectionCommand({ StackName: 's1', EnableTerminationProtection }));
  await protect(true);
  expect((await aws.settled('s1')).EnableTerminationProtection).toBe(true);
  await expect(aws.client.send(new DeleteStackCommand({ StackName: 's1' }))).rejects.toThrow(
    'Stack [s1] cannot be deleted while TerminationProtection is enabled',
  );
  await protect(false);
  await aws.client.send(new DeleteStackCommand({ StackName: 's1' }));
});
