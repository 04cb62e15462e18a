import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCloudFormation, type CloudFormationServer } from './cloudformation-server.ts';

const TEMPLATE = `
Resources:
  A: { Type: 'Test::Thing', Properties: { Size: 1, Name: a } }
  B: { Type: 'Test::Thing', Properties: { Size: 1, Name: b, Label: !Ref A } }
  K: { Type: 'Test::Thing', DeletionPolicy: RetainExceptOnCreate, Properties: { Size: 1, Name: k } }
`;

let aws: CloudFormationServer;
beforeEach(async () => {
  aws = await startCloudFormation();
});
afterEach(() => aws.close());

async function create(): Promise<string> {
  const { StackId = '' } = await aws.client.send(new CreateStackCommand({ StackName: 's1', TemplateBody: TEMPLATE }));
  return StackId;
}
const remove = (more: object = {}) => aws.client.send(new DeleteStackCommand({ StackName: 's1', ...more }));

describe('DeleteStack', () => {
  it('deletes in reverse order, keeps what is retained, and is found by ARN afterwards', async () => {
    const id = await create();
    await aws.settled('s1');
    const before = (await aws.story('s1')).length;
    await remove();
    const stack = await aws.settled(id);
    expect(stack).toMatchObject({ StackStatus: 'DELETE_COMPLETE', DeletionTime: expect.any(Date) });
    expect((await aws.story(id)).slice(before)).toEqual([
      's1 DELETE_IN_PROGRESS: User Initiated',
      'K DELETE_SKIPPED',
      'B DELETE_IN_PROGRESS',
      'B DELETE_COMPLETE',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      's1 DELETE_COMPLETE',
    ]);
    expect([...aws.things.existing.keys()]).toEqual(['k']);

    await expect(aws.client.send(new DescribeStacksCommand({ StackName: 's1' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id s1 does not exist',
      $metadata: { httpStatusCode: 400 },
    });
    expect((await aws.client.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
    const list = (StackStatusFilter?: 'DELETE_COMPLETE'[] | 'CREATE_COMPLETE'[]) =>
      aws.client.send(new ListStacksCommand({ StackStatusFilter }));
    expect((await list(['DELETE_COMPLETE'])).StackSummaries?.[0]?.StackId).toBe(id);
    expect((await list(['CREATE_COMPLETE'])).StackSummaries).toEqual([]);
    expect((await list()).StackSummaries).toHaveLength(1);
  });

  it('is no error for a stack that is not there, or gone', async () => {
    await remove();
    const id = await create();
    await aws.settled('s1');
    await remove();
    await aws.settled(id);
    await remove({ StackName: id });
    expect((await aws.story(id)).filter((event) => event.startsWith('s1 DELETE'))).toHaveLength(2);
  });

  it('ends as DELETE_FAILED with the reason, and can be repeated or told what to retain', async () => {
    const id = await create();
    await aws.settled('s1');
    await expect(remove({ RetainResources: ['A'] })).rejects.toThrow('only when the stack is in the DELETE_FAILED state');
    aws.things.failures.set('delete A', 'not empty');
    await remove();
    expect(await aws.settled(id)).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: 'The following resource(s) failed to delete: [A]. ',
    });
    expect(await aws.story(id)).toContain('A DELETE_FAILED: not empty');
    aws.things.calls.length = 0;
    await remove({ RetainResources: ['A'] });
    expect((await aws.settled(id)).StackStatus).toBe('DELETE_COMPLETE');
    expect(aws.things.calls).toEqual([]);
    expect((await aws.story(id)).at(-2)).toBe('A DELETE_SKIPPED');
  });

  it('breaks off a creation that is going on', async () => {
    const hold = aws.things.hold('create A');
    const id = await create();
    await hold.reached;
    await remove();
    hold.release();
    expect((await aws.settled(id)).StackStatus).toBe('DELETE_COMPLETE');
    expect(aws.things.calls).toContain('delete A');
    expect(aws.things.calls).not.toContain('create B');
    expect(await aws.story(id)).not.toContain('s1 ROLLBACK_IN_PROGRESS');
  });

  it('waits for its turn while the stack is updated', async () => {
    const id = await create();
    await aws.settled('s1');
    const hold = aws.things.hold('update A');
    await aws.client.send(
      new UpdateStackCommand({ StackName: 's1', TemplateBody: TEMPLATE.replace('Size: 1, Name: a ', 'Size: 2, Name: a ') }),
    );
    await hold.reached;
    await expect(remove()).rejects.toThrow(`Stack [${id}] cannot be deleted while in status UPDATE_IN_PROGRESS`);
    hold.release();
    expect((await aws.settled('s1')).StackStatus).toBe('UPDATE_COMPLETE');
  });

  it('frees the name for a new stack with another ARN', async () => {
    const first = await create();
    await aws.settled('s1');
    await remove();
    await aws.settled(first);
    aws.things.existing.clear();
    const second = await create();
    expect(second).not.toBe(first);
    expect((await aws.settled('s1')).StackId).toBe(second);
    expect((await aws.settled(first)).StackStatus).toBe('DELETE_COMPLETE');
  });
});
