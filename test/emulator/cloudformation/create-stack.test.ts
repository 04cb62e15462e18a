import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCloudFormation, type CloudFormationServer } from './cloudformation-server.ts';

const CHAIN = `
AWSTemplateFormatVersion: 2010-09-09
Description: three things in a row & a half
Resources:
  C: { Type: 'Test::Thing', Properties: { Size: 3, Label: !GetAtt B.Arn } }
  A: { Type: 'Test::Thing', Properties: { Size: 1 }, Metadata: { Note: first } }
  B: { Type: 'Test::Thing', Properties: { Size: 2, Label: !Sub 'of \${A}' } }
Outputs:
  First: { Value: !Ref A, Description: the first }
  Deep: { Value: !GetAtt B.Deep.Size }
`;

let aws: CloudFormationServer;
const options = { failResources: {} as Record<string, string> };

beforeEach(async () => {
  options.failResources = {};
  aws = await startCloudFormation(options);
});
afterEach(() => aws.close());

const create = (TemplateBody: string, more: object = {}) =>
  aws.client.send(new CreateStackCommand({ StackName: 's1', TemplateBody, ...more }));

describe('CreateStack', () => {
  it('makes resources in dependency order and tells it in events as AWS does', async () => {
    const { StackId = '' } = await create(CHAIN);
    expect(StackId).toMatch(/^arn:aws:cloudformation:eu-central-1:111122223333:stack\/s1\/[0-9a-f-]{36}$/);
    const stack = await aws.settled('s1');
    expect(stack).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      Description: 'three things in a row & a half',
      DisableRollback: false,
      EnableTerminationProtection: false,
    });
    expect(aws.things.calls).toEqual(['create A', 'create B', 'create C']);
    expect(await aws.story('s1')).toEqual([
      's1 CREATE_IN_PROGRESS: User Initiated',
      ...['A', 'B', 'C'].flatMap((id) => [
        `${id} CREATE_IN_PROGRESS`,
        `${id} CREATE_IN_PROGRESS: Resource creation Initiated`,
        `${id} CREATE_COMPLETE`,
      ]),
      's1 CREATE_COMPLETE',
    ]);
    const [first] = [...aws.things.existing.keys()];
    expect(first).toMatch(/^s1-A-[A-Z0-9]{12}$/);
    expect(stack.Outputs).toEqual([
      { OutputKey: 'First', OutputValue: first, Description: 'the first' },
      { OutputKey: 'Deep', OutputValue: '2' },
    ]);
    expect([...aws.things.existing.values()][1]).toEqual({ Size: 2, Label: `of ${first}` });
  });

  it('gives events unique ids, times that only grow, physical ids and the request token', async () => {
    await create(CHAIN, { ClientRequestToken: 'token-1' });
    await aws.settled('s1');
    const { StackEvents = [] } = await aws.client.send(new DescribeStackEventsCommand({ StackName: 's1' }));
    expect(new Set(StackEvents.map(({ EventId }) => EventId)).size).toBe(StackEvents.length);
    expect(new Set(StackEvents.map((event) => event.ClientRequestToken))).toEqual(new Set(['token-1']));
    const times = StackEvents.map(({ Timestamp }) => Timestamp?.getTime() ?? 0);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => b - a));
    const ofA = StackEvents.toReversed().filter(({ LogicalResourceId }) => LogicalResourceId === 'A');
    expect(ofA[0]).toMatchObject({ PhysicalResourceId: '', ResourceProperties: '{"Size":1}' });
    expect(ofA[1]?.PhysicalResourceId).toMatch(/^s1-A-/);
  });

  it('shows the resources in each of the three ways, and the template as it was given', async () => {
    const { StackId } = await create(CHAIN);
    await aws.settled('s1');
    const { StackResources } = await aws.client.send(new DescribeStackResourcesCommand({ StackName: StackId }));
    expect(StackResources?.map((resource) => resource.LogicalResourceId)).toEqual(['A', 'B', 'C']);
    expect(StackResources?.[0]).toMatchObject({
      ResourceType: 'Test::Thing',
      ResourceStatus: 'CREATE_COMPLETE',
      StackName: 's1',
      Timestamp: expect.any(Date),
    });
    const physicalId = StackResources?.[2]?.PhysicalResourceId;
    const byPhysical = await aws.client.send(new DescribeStackResourcesCommand({ PhysicalResourceId: physicalId }));
    expect(byPhysical.StackResources?.length).toBe(3);
    const { StackResourceDetail } = await aws.client.send(
      new DescribeStackResourceCommand({ StackName: 's1', LogicalResourceId: 'A' }),
    );
    expect(StackResourceDetail).toMatchObject({ Metadata: '{"Note":"first"}', LastUpdatedTimestamp: expect.any(Date) });
    const { StackResourceSummaries } = await aws.client.send(new ListStackResourcesCommand({ StackName: 's1' }));
    expect(StackResourceSummaries?.length).toBe(3);
    const { TemplateBody } = await aws.client.send(new GetTemplateCommand({ StackName: 's1' }));
    expect(TemplateBody).toBe(CHAIN);
    await expect(aws.client.send(new DescribeStackResourceCommand({ StackName: 's1', LogicalResourceId: 'Z' }))).rejects.toThrow(
      'Resource Z does not exist for stack s1',
    );
  });

  it('makes independent resources at the same time', async () => {
    const holds = ['create A', 'create B'].map((call) => aws.things.hold(call));
    await create('Resources: {A: {Type: Test::Thing, Properties: {Size: 1}}, B: {Type: Test::Thing, Properties: {Size: 1}}}');
    await Promise.all(holds.map(({ reached }) => reached));
    for (const { release } of holds) release();
    expect((await aws.settled('s1')).StackStatus).toBe('CREATE_COMPLETE');
  });

  it('rolls back when a resource fails: names it, cancels what is in flight, deletes what was made', async () => {
    const hold = aws.things.hold('create Slow');
    const failing = aws.things.hold('create Bad');
    aws.things.failures.set('create Bad', 'the size is wrong');
    await create(`
Resources:
  Base: { Type: 'Test::Thing', Properties: { Size: 1 } }
  Bad: { Type: 'Test::Thing', DependsOn: Base, Properties: { Size: 1 } }
  Slow: { Type: 'Test::Thing', DependsOn: [Base], Properties: { Size: 1 } }
  After: { Type: 'Test::Thing', DependsOn: [Bad, Slow], Properties: { Size: 1 } }
`);
    await hold.reached;
    failing.release();
    await failing.reached;
    await expect.poll(() => aws.story('s1')).toContain('Slow CREATE_FAILED: Resource creation cancelled');
    hold.release();
    const stack = await aws.settled('s1');
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await aws.story('s1')).slice(4)).toEqual([
      'Bad CREATE_IN_PROGRESS',
      'Slow CREATE_IN_PROGRESS',
      'Bad CREATE_FAILED: the size is wrong',
      'Slow CREATE_FAILED: Resource creation cancelled',
      's1 ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Bad, Slow]. Rollback requested by user.',
      'Bad DELETE_COMPLETE',
      'Slow DELETE_IN_PROGRESS',
      'Slow DELETE_COMPLETE',
      'Base DELETE_IN_PROGRESS',
      'Base DELETE_COMPLETE',
      's1 ROLLBACK_COMPLETE',
    ]);
    expect(aws.things.existing.size).toBe(0);
    expect(aws.things.calls).not.toContain('create After');

    await aws.client.send(new DeleteStackCommand({ StackName: 's1' }));
    expect((await aws.settled(stack.StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
    expect(aws.things.calls.filter((call) => call === 'delete Slow')).toHaveLength(1);
  });

  it('ends as ROLLBACK_FAILED when what was made cannot be deleted', async () => {
    options.failResources = { B: 'no' };
    aws.things.failures.set('delete A', 'held by somebody');
    await create(CHAIN);
    const stack = await aws.settled('s1');
    expect(stack.StackStatus).toBe('ROLLBACK_FAILED');
    expect(stack.StackStatusReason).toContain('[A]');
    expect(await aws.story('s1')).toContain('A DELETE_FAILED: held by somebody');
  });

  it('leaves what it made when rollback is disabled, and deletes all when asked to', async () => {
    options.failResources = { B: 'told to fail' };
    await create(CHAIN, { DisableRollback: true });
    expect(await aws.settled('s1')).toMatchObject({
      StackStatus: 'CREATE_FAILED',
      StackStatusReason: 'The following resource(s) failed to create: [B]. ',
      DisableRollback: true,
    });
    expect(aws.things.existing.size).toBe(1);
    const { StackId = '' } = await create(CHAIN, { StackName: 's2', OnFailure: 'DELETE' });
    expect((await aws.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    await expect(aws.client.send(new DescribeStacksCommand({ StackName: 's2' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id s2 does not exist',
    });
    expect(aws.things.existing.size).toBe(1);
  });

  it('keeps what the deletion policy retains, but not RetainExceptOnCreate in a failed creation', async () => {
    options.failResources = { Bad: 'no' };
    await create(`
Resources:
  Kept: { Type: 'Test::Thing', DeletionPolicy: Retain, Properties: { Size: 1 } }
  Gone: { Type: 'Test::Thing', DeletionPolicy: RetainExceptOnCreate, Properties: { Size: 1 } }
  Bad: { Type: 'Test::Thing', DependsOn: [Kept, Gone], Properties: { Size: 1 } }
`);
    expect((await aws.settled('s1')).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await aws.story('s1')).toContain('Kept DELETE_SKIPPED');
    expect([...aws.things.existing.keys()].map((name) => name.split('-')[1])).toEqual(['Kept']);
  });

  it('fails a resource with a property that its type does not know, or lacks one it needs', async () => {
    await create('Resources: {A: {Type: Test::Thing, Properties: {Size: 1, Colour: red}}}');
    await aws.settled('s1');
    expect((await aws.story('s1')).join('\n')).toContain(
      'A CREATE_FAILED: A: the emulator does not support [Colour] of Test::Thing',
    );
    await create('Resources: {A: {Type: Test::Thing}}', { StackName: 's2' });
    await aws.settled('s2');
    expect((await aws.story('s2')).join('\n')).toContain('required key [Size] not found');
  });

  it('rolls back when an output cannot be made', async () => {
    await create('Resources: {A: {Type: Test::Thing, Properties: {Size: 1}}}\nOutputs: {O: {Value: !GetAtt A.Nope}}');
    const stack = await aws.settled('s1');
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await aws.story('s1')).join('\n')).toContain('resource A does not support attribute type Nope in Fn::GetAtt');
  });

  it('refuses a name that is taken, malformed or too long', async () => {
    await create(CHAIN);
    await expect(create(CHAIN)).rejects.toMatchObject({ name: 'AlreadyExistsException', message: 'Stack [s1] already exists' });
    await expect(create(CHAIN, { StackName: '1s' })).rejects.toThrow('regular expression pattern');
    await expect(create(CHAIN, { StackName: 'a'.repeat(129) })).rejects.toThrow('128');
  });

  it('stops where it is when the emulator closes', async () => {
    const hold = aws.things.hold('create A');
    await create(CHAIN);
    await hold.reached;
    const closed = aws.service.close();
    hold.release();
    await closed;
    expect(aws.things.calls).toEqual(['create A']);
    expect(await aws.story('s1')).not.toContain('A CREATE_COMPLETE');
  });
});
