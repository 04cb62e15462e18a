import {
  ChangeSetNotFoundException,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCloudFormation, type CloudFormationServer } from './cloudformation-server.ts';

const TEMPLATE = "Resources: { A: { Type: 'Test::Thing', Properties: { Size: 1 } } }";

let aws: CloudFormationServer;
beforeEach(async () => {
  aws = await startCloudFormation();
});
afterEach(() => aws.close());

describe('finding change sets', () => {
  it('tells a missing change set from a missing stack', async () => {
    const describeIt = (more: object) => aws.client.send(new DescribeChangeSetCommand({ ChangeSetName: 'nope', ...more }));
    await expect(describeIt({ StackName: 's1' })).rejects.toThrow('Stack [s1] does not exist');
    await aws.client.send(new CreateStackCommand({ StackName: 's1', TemplateBody: TEMPLATE }));
    await aws.settled('s1');
    await expect(describeIt({ StackName: 's1' })).rejects.toBeInstanceOf(ChangeSetNotFoundException);
    await expect(describeIt({})).rejects.toThrow('StackName must be specified');
    await expect(aws.prepare({ StackName: 'other', ChangeSetName: 'second', TemplateBody: TEMPLATE })).rejects.toThrow(
      'Stack [other] does not exist',
    );
  });

  it('deletes: also what is not there; the shell remains until the stack is deleted', async () => {
    const { StackId = '' } = await aws.prepare({
      StackName: 's1',
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: TEMPLATE,
    });
    const remove = () => aws.client.send(new DeleteChangeSetCommand({ StackName: 's1', ChangeSetName: 'first' }));
    await remove();
    await remove();
    const { Stacks } = await aws.client.send(new DescribeStacksCommand({ StackName: 's1' }));
    expect(Stacks?.[0]?.StackStatus).toBe('REVIEW_IN_PROGRESS');
    await aws.client.send(new DeleteStackCommand({ StackName: 's1' }));
    expect((await aws.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
  });
});

describe('resourceDelayMs', () => {
  it('keeps change sets and resources in progress for a while, and does not hold up the close', async () => {
    const slow = await startCloudFormation({ resourceDelayMs: 600_000 });
    const input = { StackName: 's1', ChangeSetName: 'first' };
    await slow.client.send(new CreateChangeSetCommand({ ...input, ChangeSetType: 'CREATE', TemplateBody: TEMPLATE }));
    const changeSet = await slow.client.send(new DescribeChangeSetCommand(input));
    expect(changeSet).toMatchObject({ Status: 'CREATE_IN_PROGRESS', ExecutionStatus: 'UNAVAILABLE', Changes: [] });
    await expect(slow.client.send(new ExecuteChangeSetCommand(input))).rejects.toThrow(
      'cannot be executed in its current status of [CREATE_IN_PROGRESS]',
    );
    await slow.client.send(new CreateStackCommand({ StackName: 's2', TemplateBody: TEMPLATE }));
    expect((await slow.story('s2')).at(-1)).toBe('A CREATE_IN_PROGRESS');
    await slow.close();
    expect(slow.things.calls).toEqual([]);
  });
});
