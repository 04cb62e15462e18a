import {
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  InsufficientCapabilitiesException,
  InvalidChangeSetStatusException,
  ListChangeSetsCommand,
  type CreateChangeSetCommandInput,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCloudFormation, type CloudFormationServer } from './cloudformation-server.ts';

const TEMPLATE = `
Parameters:
  Size: { Type: Number, Default: 1 }
  Name: { Type: String, Default: one }
Resources:
  A: { Type: 'Test::Thing', Properties: { Size: !Ref Size, Name: !Ref Name } }
  B: { Type: 'Test::Thing', Properties: { Size: 1, Label: !GetAtt A.Arn } }
  C: { Type: 'Test::Thing', Properties: { Size: 1, Of: !Ref A } }
`;
const ROLE = `
Resources:
  R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [] } } }
`;

let aws: CloudFormationServer;
const options = { failResources: {} as Record<string, string> };
beforeEach(async () => {
  options.failResources = {};
  aws = await startCloudFormation(options);
});
afterEach(() => aws.close());

type More = Partial<CreateChangeSetCommandInput>;

const prepare = (ChangeSetName: string, more: More) => aws.prepare({ StackName: 's1', ChangeSetName, ...more });
const execute = (ChangeSetName: string, more: object = {}) =>
  aws.client.send(new ExecuteChangeSetCommand({ StackName: 's1', ChangeSetName, ...more }));

async function createStack(): Promise<void> {
  await prepare('first', { ChangeSetType: 'CREATE', TemplateBody: TEMPLATE });
  await execute('first');
  expect((await aws.settled('s1')).StackStatus).toBe('CREATE_COMPLETE');
}

describe('a change set of type CREATE', () => {
  it('leaves a shell in review, lists what it would add, and makes it when executed', async () => {
    const changeSet = await prepare('first', {
      ChangeSetType: 'CREATE',
      TemplateBody: TEMPLATE,
      Description: 'why',
      Parameters: [{ ParameterKey: 'Size', ParameterValue: '4' }],
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    expect(changeSet).toMatchObject({
      ChangeSetName: 'first',
      ChangeSetId: expect.stringMatching(/^arn:aws:cloudformation:eu-central-1:111122223333:changeSet\/first\//),
      StackName: 's1',
      Description: 'why',
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      Tags: [{ Key: 'k', Value: 'v' }],
      Parameters: [
        { ParameterKey: 'Size', ParameterValue: '4' },
        { ParameterKey: 'Name', ParameterValue: 'one' },
      ],
    });
    expect(changeSet.Changes?.map(({ ResourceChange }) => ResourceChange?.Action)).toEqual(['Add', 'Add', 'Add']);
    expect(changeSet.Changes?.[1]?.ResourceChange).toMatchObject({
      LogicalResourceId: 'B',
      ResourceType: 'Test::Thing',
      AfterContext: '{"Properties":{"Size":1,"Label":"{{changeSet:KNOWN_AFTER_APPLY}}"}}',
    });
    const shell = await aws.client.send(new DescribeStacksCommand({ StackName: 's1' }));
    expect(shell.Stacks?.[0]?.StackStatus).toBe('REVIEW_IN_PROGRESS');
    expect(aws.things.existing.size).toBe(0);

    await execute('first');
    const stack = await aws.settled('s1');
    expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', ChangeSetId: changeSet.ChangeSetId });
    expect((await aws.story('s1')).slice(0, 2)).toEqual([
      's1 REVIEW_IN_PROGRESS: User Initiated',
      's1 CREATE_IN_PROGRESS: User Initiated',
    ]);
    const after = await aws.client.send(new DescribeChangeSetCommand({ ChangeSetName: changeSet.ChangeSetId }));
    expect(after.ExecutionStatus).toBe('EXECUTE_COMPLETE');
    await expect(execute('first')).rejects.toThrow('cannot be executed in its current status of [EXECUTE_COMPLETE]');
  });

  it('is refused for a stack that exists, and repeated on a shell', async () => {
    await prepare('first', { ChangeSetType: 'CREATE', TemplateBody: TEMPLATE });
    await prepare('second', { ChangeSetType: 'CREATE', TemplateBody: TEMPLATE });
    await expect(prepare('second', { ChangeSetType: 'CREATE', TemplateBody: TEMPLATE })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
    await execute('second');
    await aws.settled('s1');
    const { Summaries } = await aws.client.send(new ListChangeSetsCommand({ StackName: 's1' }));
    expect(Summaries?.map(({ ChangeSetName }) => ChangeSetName)).toEqual(['second']);
    await expect(prepare('third', { ChangeSetType: 'CREATE', TemplateBody: TEMPLATE })).rejects.toThrow(
      'Stack [s1] already exists and cannot be created again with the changeSet',
    );
  });

  it('leaves no shell behind when its template is bad', async () => {
    await expect(prepare('first', { ChangeSetType: 'CREATE', TemplateBody: 'Resources: {}' })).rejects.toThrow(
      'At least one Resources member must be defined.',
    );
    await expect(aws.client.send(new DescribeStacksCommand({ StackName: 's1' }))).rejects.toThrow('does not exist');
  });

  it('asks for the capability that IAM resources need', async () => {
    const error = await prepare('first', { ChangeSetType: 'CREATE', TemplateBody: ROLE }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(InsufficientCapabilitiesException);
    expect(error).toMatchObject({ message: 'Requires capabilities : [CAPABILITY_IAM]' });
    const named = ROLE.replace('Properties: {', 'Properties: { RoleName: boss,');
    await expect(
      prepare('first', { ChangeSetType: 'CREATE', TemplateBody: named, Capabilities: ['CAPABILITY_IAM'] }),
    ).rejects.toThrow('Requires capabilities : [CAPABILITY_NAMED_IAM]');
    const { Status } = await prepare('first', {
      ChangeSetType: 'CREATE',
      TemplateBody: ROLE,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    });
    expect(Status).toBe('CREATE_COMPLETE');
  });

  it.each([
    ['DELETE', 'DELETE_COMPLETE'],
    ['DO_NOTHING', 'CREATE_FAILED'],
    ['ROLLBACK', 'ROLLBACK_COMPLETE'],
  ] as const)('does as OnStackFailure %s says', async (OnStackFailure, status) => {
    options.failResources = { B: 'no' };
    const { StackId = '' } = await prepare('first', { ChangeSetType: 'CREATE', TemplateBody: TEMPLATE, OnStackFailure });
    await expect(execute('first', { DisableRollback: true })).rejects.toThrow('OnStackFailure');
    await execute('first');
    expect((await aws.settled(StackId)).StackStatus).toBe(status);
  });
});

describe('a change set of type UPDATE', () => {
  beforeEach(createStack);

  it('says what a parameter changes, what would be replaced, and what depends on that', async () => {
    const changeSet = await prepare('second', {
      UsePreviousTemplate: true,
      Parameters: [
        { ParameterKey: 'Size', UsePreviousValue: true },
        { ParameterKey: 'Name', ParameterValue: 'two' },
      ],
    });
    const [a, b, c] = (changeSet.Changes ?? []).map(({ ResourceChange }) => ResourceChange);
    expect(a).toMatchObject({
      Action: 'Modify',
      PolicyAction: 'ReplaceAndDelete',
      PhysicalResourceId: 'one',
      Replacement: 'True',
      Scope: ['Properties'],
      BeforeContext: '{"Properties":{"Size":"1","Name":"one"}}',
      AfterContext: '{"Properties":{"Size":"1","Name":"two"}}',
    });
    expect(a?.Details).toEqual([
      {
        Target: {
          Attribute: 'Properties',
          Name: 'Name',
          RequiresRecreation: 'Always',
          Path: '/Properties/Name',
          BeforeValue: 'one',
          AfterValue: 'two',
          AttributeChangeType: 'Modify',
        },
        Evaluation: 'Static',
        ChangeSource: 'ParameterReference',
        CausingEntity: 'Name',
      },
      expect.objectContaining({ Evaluation: 'Dynamic', ChangeSource: 'DirectModification' }),
    ]);
    expect(b).toMatchObject({ LogicalResourceId: 'B', Replacement: 'False' });
    expect(b?.Details?.[0]).toMatchObject({ Evaluation: 'Dynamic', ChangeSource: 'ResourceAttribute', CausingEntity: 'A.Arn' });
    expect(c).toMatchObject({ LogicalResourceId: 'C', Replacement: 'Conditional' });
    expect(c?.Details?.[0]).toMatchObject({
      ChangeSource: 'ResourceReference',
      CausingEntity: 'A',
      Target: { RequiresRecreation: 'Always' },
    });

    await execute('second');
    expect((await aws.settled('s1')).StackStatus).toBe('UPDATE_COMPLETE');
    expect([...aws.things.existing.keys()]).toContain('two');
    expect([...aws.things.existing.keys()]).not.toContain('one');
    expect(aws.things.existing.size).toBe(3);
  });

  it('shows direct changes, attributes and removals', async () => {
    const body = TEMPLATE.replace(/\n {2}C: .*/, '').replace(
      '{ Size: 1, Label: !GetAtt A.Arn } }',
      "{ Size: 8, Label: !GetAtt A.Arn }, Metadata: { v: 2 }, DeletionPolicy: 'Retain' }",
    );
    const { Changes = [] } = await prepare('second', { TemplateBody: body });
    expect(Changes.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
      {
        Action: 'Modify',
        LogicalResourceId: 'B',
        Replacement: 'False',
        Scope: ['Properties', 'Metadata', 'DeletionPolicy'],
        Details: [
          { ChangeSource: 'DirectModification', Evaluation: 'Static' },
          { Target: { Attribute: 'Metadata' } },
          { Target: { Attribute: 'DeletionPolicy' } },
        ],
      },
      { Action: 'Remove', LogicalResourceId: 'C', PolicyAction: 'Delete' },
    ]);
  });

  it('fails without changes, exactly as AWS says it, and cannot be executed', async () => {
    const changeSet = await prepare('second', { TemplateBody: TEMPLATE });
    expect(changeSet).toMatchObject({
      Status: 'FAILED',
      StatusReason: "The submitted information didn't contain changes. Submit different information to create a change set.",
      ExecutionStatus: 'UNAVAILABLE',
      Changes: [],
    });
    await expect(execute('second')).rejects.toBeInstanceOf(InvalidChangeSetStatusException);
  });

  it('is executable for an output alone, with no resource change', async () => {
    const changeSet = await prepare('second', { TemplateBody: `${TEMPLATE}Outputs: { Name: { Value: !Ref Name } }` });
    expect(changeSet).toMatchObject({ Status: 'CREATE_COMPLETE', Changes: [] });
    await execute('second', { DisableRollback: false });
    expect((await aws.settled('s1')).Outputs).toEqual([{ OutputKey: 'Name', OutputValue: 'one' }]);
  });

  it('marks a failed execution, and keeps its template for those who ask', async () => {
    options.failResources = { A: 'no' };
    const body = TEMPLATE.replace('Default: one', 'Default: three');
    await prepare('second', { TemplateBody: body });
    const { TemplateBody } = await aws.client.send(new GetTemplateCommand({ StackName: 's1', ChangeSetName: 'second' }));
    expect(TemplateBody).toBe(body);
    await execute('second');
    expect((await aws.settled('s1')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    const { ExecutionStatus } = await aws.client.send(new DescribeChangeSetCommand({ StackName: 's1', ChangeSetName: 'second' }));
    expect(ExecutionStatus).toBe('EXECUTE_FAILED');
  });
});
