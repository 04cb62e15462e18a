import {
  CancelUpdateStackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCloudFormation, type CloudFormationServer } from './cloudformation-server.ts';

const template = (a: string, b = '{ Size: 1, Label: !Ref A }', more = '') => `
Parameters:
  Size: { Type: Number, Default: 5 }
  Unused: { Type: String, Default: x }
Resources:
  A: { Type: 'Test::Thing', Properties: ${a} }
  B: { Type: 'Test::Thing', Properties: ${b} }
${more}
`;

let aws: CloudFormationServer;
const options = { failResources: {} as Record<string, string> };

beforeEach(async () => {
  options.failResources = {};
  aws = await startCloudFormation(options);
});
afterEach(() => aws.close());

async function create(TemplateBody: string): Promise<void> {
  await aws.client.send(new CreateStackCommand({ StackName: 's1', TemplateBody }));
  expect((await aws.settled('s1')).StackStatus).toBe('CREATE_COMPLETE');
  aws.things.calls.length = 0;
}

/** The events of the update alone. */
async function update(TemplateBody: string | undefined, more: Partial<UpdateStackCommandInput> = {}): Promise<string[]> {
  const before = (await aws.story('s1')).length;
  await aws.client.send(new UpdateStackCommand({ StackName: 's1', TemplateBody, ...more }));
  await aws.settled('s1');
  return (await aws.story('s1')).slice(before);
}

async function physicalIds(): Promise<Record<string, string>> {
  const { StackResources = [] } = await aws.client.send(new DescribeStackResourcesCommand({ StackName: 's1' }));
  return Object.fromEntries(
    StackResources.map((resource) => [resource.LogicalResourceId ?? '', resource.PhysicalResourceId ?? '']),
  );
}

describe('UpdateStack', () => {
  it('updates in place what has changed, and nothing else', async () => {
    await create(template('{ Size: 1 }'));
    const ids = await physicalIds();
    expect(await update(template('{ Size: 2 }'))).toEqual([
      's1 UPDATE_IN_PROGRESS: User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      's1 UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      's1 UPDATE_COMPLETE',
    ]);
    expect(await physicalIds()).toEqual(ids);
    expect(aws.things.existing.get(ids['A'] ?? '')).toEqual({ Size: 2 });
  });

  it('replaces for a create-only property, updates what refers to it, and deletes the old one last', async () => {
    await create(template('{ Size: 1, Name: old }'));
    const events = await update(template('{ Size: 1, Name: new }'));
    expect(events).toEqual([
      's1 UPDATE_IN_PROGRESS: User Initiated',
      'A UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.',
      'A UPDATE_IN_PROGRESS: Resource creation Initiated',
      'A UPDATE_COMPLETE',
      'B UPDATE_IN_PROGRESS',
      'B UPDATE_COMPLETE',
      's1 UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      's1 UPDATE_COMPLETE',
    ]);
    const ids = await physicalIds();
    expect(ids['A']).toBe('new');
    expect(aws.things.existing.get(ids['B'] ?? '')).toMatchObject({ Label: 'new' });
    expect(aws.things.existing.has('old')).toBe(false);
  });

  it('adds and removes resources; removal comes in the cleanup and honours the deletion policy', async () => {
    await create(
      template(
        '{ Size: 1 }',
        '{ Size: 1 }',
        "  K: { Type: 'Test::Thing', DeletionPolicy: Retain, Properties: { Size: 1, Name: kept } }",
      ),
    );
    const events = await update(
      "Resources:\n  A: { Type: 'Test::Thing', Properties: { Size: 1 } }\n  N: { Type: 'Test::Thing', Properties: { Size: 9 } }",
    );
    expect(events.slice(1)).toEqual([
      'N CREATE_IN_PROGRESS',
      'N CREATE_IN_PROGRESS: Resource creation Initiated',
      'N CREATE_COMPLETE',
      's1 UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'B DELETE_IN_PROGRESS',
      'K DELETE_SKIPPED',
      'B DELETE_COMPLETE',
      's1 UPDATE_COMPLETE',
    ]);
    expect(Object.keys(await physicalIds())).toEqual(['A', 'N']);
    expect(aws.things.existing.has('kept')).toBe(true);
  });

  it('goes back to what was when a resource fails', async () => {
    await create(template('{ Size: 1 }', '{ Size: 1, Name: b1, Label: !Ref A }'));
    const before = await physicalIds();
    options.failResources = { Bad: 'told to fail' };
    const events = await update(
      template(
        '{ Size: 2 }',
        '{ Size: 1, Name: b2, Label: !Ref A }',
        "  Bad: { Type: 'Test::Thing', DependsOn: [A, B], Properties: { Size: 1 } }\nOutputs: {O: {Value: !Ref B}}",
      ),
    );
    expect(events).toEqual([
      's1 UPDATE_IN_PROGRESS: User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'B UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.',
      'B UPDATE_IN_PROGRESS: Resource creation Initiated',
      'B UPDATE_COMPLETE',
      'Bad CREATE_IN_PROGRESS',
      'Bad CREATE_FAILED: told to fail',
      's1 UPDATE_ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Bad]. ',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'B UPDATE_COMPLETE',
      's1 UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'B DELETE_IN_PROGRESS',
      'B DELETE_COMPLETE',
      'Bad DELETE_COMPLETE',
      's1 UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect(await physicalIds()).toEqual(before);
    expect(aws.things.existing.get(before['A'] ?? '')).toEqual({ Size: 1 });
    expect([...aws.things.existing.keys()].sort()).toEqual(Object.values(before).sort());
    expect((await aws.settled('s1')).Outputs ?? []).toEqual([]);

    options.failResources = {};
    const again = await update(template('{ Size: 2 }', '{ Size: 1, Name: b1, Label: !Ref A }'));
    expect(again.at(-1)).toBe('s1 UPDATE_COMPLETE');
  });

  it('ends as UPDATE_ROLLBACK_FAILED when a resource cannot be updated back, and loses nothing', async () => {
    await create(template('{ Size: 1, Name: old }', '{ Size: 1, Label: !Ref A }'));
    aws.things.failures.set('update B', 'stuck');
    const target = template('{ Size: 1, Name: new }', '{ Size: 1, Label: !Ref A }');
    const events = await update(target);
    expect(events.slice(-3)).toEqual([
      'B UPDATE_IN_PROGRESS',
      'B UPDATE_FAILED: stuck',
      's1 UPDATE_ROLLBACK_FAILED: The following resource(s) failed to update: [B]. ',
    ]);
    await expect(update(target)).rejects.toThrow('is in UPDATE_ROLLBACK_FAILED state and can not be updated.');
    const { StackId = '' } = await aws.settled('s1');
    await aws.client.send(new DeleteStackCommand({ StackName: 's1' }));
    expect((await aws.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    expect([...aws.things.existing.keys()]).toEqual([]);
  });

  it('stays half-way when rollback is disabled, and can be taken on from there', async () => {
    await create(template('{ Size: 1 }'));
    options.failResources = { B: 'not now' };
    const target = template('{ Size: 2 }', '{ Size: 2, Label: !GetAtt A.Arn }');
    const events = await update(target, { DisableRollback: true });
    expect(events.at(-1)).toBe('s1 UPDATE_FAILED: The following resource(s) failed to update: [B]. ');
    options.failResources = {};
    await expect(update(target)).rejects.toThrow('non-terminal [UPDATE_FAILED] state');
    expect((await update(target, { DisableRollback: true })).slice(1)).toEqual([
      'B UPDATE_IN_PROGRESS',
      'B UPDATE_COMPLETE',
      's1 UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      's1 UPDATE_COMPLETE',
    ]);
  });

  it('is done even if the cleanup leaves something behind', async () => {
    await create(template('{ Size: 1, Name: old }'));
    aws.things.failures.set('delete A', 'in use');
    const events = await update(template('{ Size: 1, Name: new }'));
    expect(events.slice(-2)).toEqual([
      'A DELETE_FAILED: in use',
      's1 UPDATE_COMPLETE: Update successful. One or more resources could not be deleted.',
    ]);
  });

  it('says when there is nothing to update, also when only an unused parameter is new', async () => {
    await create(template('{ Size: !Ref Size }'));
    const nothing = { name: 'ValidationError', message: 'No updates are to be performed.' };
    await expect(update(template('{ Size: !Ref Size }'))).rejects.toMatchObject(nothing);
    await expect(
      update(undefined, { UsePreviousTemplate: true, Parameters: [{ ParameterKey: 'Unused', ParameterValue: 'y' }] }),
    ).rejects.toMatchObject(nothing);
    // A number and the same number as text are the same property value.
    await expect(update(template("{ Size: '5' }"))).rejects.toMatchObject(nothing);
  });

  it('takes changes of outputs, tags and metadata alone', async () => {
    await create(template('{ Size: 1 }'));
    const outputs = template('{ Size: 1 }', undefined, 'Outputs: {O: {Value: hello}}');
    await update(outputs);
    const stack = await aws.settled('s1');
    expect(stack.Outputs).toEqual([{ OutputKey: 'O', OutputValue: 'hello' }]);
    await update(outputs, { Tags: [{ Key: 'team', Value: 'blue' }] });
    expect((await aws.settled('s1')).Tags).toEqual([{ Key: 'team', Value: 'blue' }]);
    const metadata = outputs.replace('Properties: { Size: 1 }', 'Metadata: {a: 1}, Properties: { Size: 1 }');
    expect((await update(metadata)).at(-1)).toBe('s1 UPDATE_COMPLETE');
    expect((await aws.settled('s1')).Tags).toEqual([{ Key: 'team', Value: 'blue' }]);
    expect(aws.things.calls).toEqual([]);
  });

  it('keeps parameters by UsePreviousValue and takes defaults for those not given', async () => {
    await create(template('{ Size: !Ref Size }'));
    const given = (value: object) => ({ UsePreviousTemplate: true, Parameters: [{ ParameterKey: 'Size', ...value }] });
    await update(undefined, given({ ParameterValue: '7' }));
    const parameter = async () => (await aws.settled('s1')).Parameters?.[0]?.ParameterValue;
    expect(await parameter()).toBe('7');
    await expect(update(undefined, given({ UsePreviousValue: true }))).rejects.toThrow('No updates are to be performed.');
    await update(undefined, { UsePreviousTemplate: true });
    expect(await parameter()).toBe('5');
  });

  it('refuses to update what is missing, busy, or was rolled back, and to change a type', async () => {
    await expect(update(template('{ Size: 1 }'))).rejects.toThrow('Stack [s1] does not exist');
    const hold = aws.things.hold('create A');
    await aws.client.send(new CreateStackCommand({ StackName: 's1', TemplateBody: template('{ Size: 1 }') }));
    await hold.reached;
    await expect(update(template('{ Size: 2 }'))).rejects.toThrow(
      /^Stack:arn:aws:cloudformation:.* is in CREATE_IN_PROGRESS state and can not be updated\.$/,
    );
    hold.release();
    await aws.settled('s1');
    await expect(update(template('{ Size: 1 }').replace("'Test::Thing'", "'AWS::Logs::LogGroup'"))).rejects.toThrow(
      'Update of resource type is not permitted',
    );
    options.failResources = { A: 'no' };
    const { StackId } = await aws.client.send(new CreateStackCommand({ StackName: 's2', TemplateBody: template('{ Size: 1 }') }));
    await aws.settled('s2');
    await expect(update(template('{ Size: 2 }'), { StackName: 's2' })).rejects.toThrow(
      `Stack:${StackId} is in ROLLBACK_COMPLETE state and can not be updated.`,
    );
  });
});

describe('CancelUpdateStack', () => {
  const cancel = () => aws.client.send(new CancelUpdateStackCommand({ StackName: 's1' }));

  it('rolls a running update back, also with rollback disabled, and the stack can be updated again', async () => {
    await create(template('{ Size: 1 }'));
    const hold = aws.things.hold('update A');
    const updated = update(template('{ Size: 2 }'), { DisableRollback: true });
    await hold.reached;
    await cancel();
    hold.release();
    expect(await updated).toEqual([
      's1 UPDATE_IN_PROGRESS: User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_FAILED: Resource update cancelled',
      's1 UPDATE_ROLLBACK_IN_PROGRESS: User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      's1 UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      's1 UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect([...aws.things.existing.values()].map(({ Size }) => Size)).toContain(1);
    expect((await update(template('{ Size: 3 }'))).at(-1)).toBe('s1 UPDATE_COMPLETE');
  });

  it('is refused when no update runs', async () => {
    await create(template('{ Size: 1 }'));
    await expect(cancel()).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'CancelUpdateStack cannot be called from current stack status',
    });
  });
});
