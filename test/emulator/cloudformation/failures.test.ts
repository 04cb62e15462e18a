import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import type { CloudFormationOptions } from '../../../src/emulator/cloudformation/options.ts';
import { type CloudFormationServer, startCloudFormation } from './cloudformation-server.ts';

const TEMPLATE = `
Resources:
  A: { Type: 'Test::Thing', Properties: { Size: 1 } }
  B: { Type: 'Test::Thing', Properties: { Size: 1 } }
`;

let aws: CloudFormationServer;
afterEach(() => aws.close());

async function start(options: CloudFormationOptions): Promise<void> {
  aws = await startCloudFormation(options);
}
const create = (more: object = {}) =>
  aws.client.send(new CreateStackCommand({ StackName: 's1', TemplateBody: TEMPLATE, ...more }));
const events = (NextToken?: string) => aws.client.send(new DescribeStackEventsCommand({ StackName: 's1', NextToken }));

describe('resources', () => {
  it('are held up one by one, until a promise is kept', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await start({ slowResources: { A: gate } });
    await create();
    await expect.poll(() => aws.story('s1')).toContain('B CREATE_COMPLETE');
    expect(await aws.story('s1')).not.toContain('A CREATE_COMPLETE');
    release();
    expect((await aws.settled('s1')).StackStatus).toBe('CREATE_COMPLETE');
  });

  it('that are stuck are cancelled by the failure of another, and by a delete', async () => {
    await start({ slowResources: { A: Number.POSITIVE_INFINITY }, failResources: { B: 'no' } });
    const { StackId = '' } = await create();
    expect((await aws.settled('s1')).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await aws.story(StackId)).toContain('A CREATE_FAILED: Resource creation cancelled');
    await aws.close();

    await start({ slowResources: { A: Number.POSITIVE_INFINITY } });
    const stuck = await create();
    await expect.poll(() => aws.story('s1')).toContain('A CREATE_IN_PROGRESS');
    await aws.client.send(new DeleteStackCommand({ StackName: 's1' }));
    // Nothing was made of it, so its deletion is not held up.
    expect((await aws.settled(stuck.StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('refuse to be deleted as long as they are told to', async () => {
    const failDeletes: Record<string, string> = { A: 'in use' };
    await start({ failDeletes });
    const { StackId = '' } = await create();
    await aws.settled('s1');
    await aws.client.send(new DeleteStackCommand({ StackName: 's1' }));
    expect((await aws.settled(StackId)).StackStatus).toBe('DELETE_FAILED');
    expect(await aws.story(StackId)).toContain('A DELETE_FAILED: in use');
    expect(aws.things.existing.size).toBe(1);
    delete failDeletes['A'];
    await aws.client.send(new DeleteStackCommand({ StackName: 's1' }));
    expect((await aws.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
  });
});

describe('early validation', () => {
  const finding = {
    name: 'NAME_CONFLICT_VALIDATION',
    reason: "Resource of type 'Test::Thing' with identifier 'a' already exists.",
    path: '/Resources/A/Properties/Name',
  } as const;

  it('fails the change set in AWS’s words, and tells why by DescribeEvents', async () => {
    await start({ failValidation: { A: finding } });
    const changeSet = await aws.prepare({
      StackName: 's1',
      ChangeSetName: 'c1',
      ChangeSetType: 'CREATE',
      TemplateBody: TEMPLATE,
    });
    expect(changeSet).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        'The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.',
    });
    const { OperationEvents } = await aws.client.send(new DescribeEventsCommand({ ChangeSetName: changeSet.ChangeSetId }));
    expect(OperationEvents).toMatchObject([
      {
        EventType: 'VALIDATION_ERROR',
        OperationType: 'CREATE_CHANGESET',
        LogicalResourceId: 'A',
        ResourceType: 'Test::Thing',
        ValidationFailureMode: 'FAIL',
        ValidationName: finding.name,
        ValidationStatusReason: finding.reason,
        ValidationPath: finding.path,
      },
    ]);
  });

  it('looks at what changes only', async () => {
    const failValidation: Record<string, typeof finding> = {};
    await start({ failValidation });
    await create();
    await aws.settled('s1');
    failValidation['A'] = finding;
    const changeSet = await aws.prepare({
      StackName: 's1',
      ChangeSetName: 'c1',
      TemplateBody: TEMPLATE.replace(
        "B: { Type: 'Test::Thing', Properties: { Size: 1",
        "B: { Type: 'Test::Thing', Properties: { Size: 2",
      ),
    });
    expect(changeSet.Status).toBe('CREATE_COMPLETE');
  });
});

describe('the control plane', () => {
  it('throttles as AWS does', async () => {
    await start({ limits: { callsPerSecond: 2 } });
    await create();
    const answers = await Promise.allSettled([events(), events(), events(), events()]);
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({
      reason: { name: 'Throttling', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } },
    });
  });

  it('gives events in pages, which do not move when new ones come', async () => {
    await start({ limits: { eventsPerPage: 3 } });
    await create();
    await aws.settled('s1');
    const first = await events();
    await aws.client.send(new UpdateStackCommand({ StackName: 's1', TemplateBody: TEMPLATE.replace('Size: 1', 'Size: 2') }));
    await aws.settled('s1');
    const second = await events(first.NextToken);
    const ids = [...(first.StackEvents ?? []), ...(second.StackEvents ?? [])].map(({ EventId }) => EventId);
    expect(new Set(ids).size).toBe(6);
    expect(first.StackEvents?.[0]?.ResourceStatus).toBe('CREATE_COMPLETE');
    await expect(events('nonsense')).rejects.toThrow('Invalid NextToken');
  });

  it('may be late', async () => {
    await start({ readLagMs: 60_000 });
    const { StackId } = await create();
    expect((await events()).StackEvents ?? []).toEqual([]);
    await expect.poll(() => aws.things.existing.size).toBe(2);
    const { Stacks } = await aws.client.send(new DescribeStacksCommand({ StackName: StackId }));
    expect(Stacks?.[0]?.StackName).toBe('s1');
    expect((await events()).StackEvents ?? []).toEqual([]);
  });

  it('takes a request that is repeated with its token for the same one', async () => {
    await start({});
    const request = new CreateChangeSetCommand({
      StackName: 's1',
      ChangeSetName: 'c1',
      ChangeSetType: 'CREATE',
      TemplateBody: TEMPLATE,
      ClientToken: 't1',
    });
    const { Id } = await aws.client.send(request);
    expect((await aws.client.send(request)).Id).toBe(Id);
    const { Summaries } = await aws.client.send(new ListChangeSetsCommand({ StackName: 's1' }));
    expect(Summaries).toHaveLength(1);
    const execute = (ClientRequestToken: string) =>
      aws.client.send(new ExecuteChangeSetCommand({ ChangeSetName: Id, ClientRequestToken }));
    await execute('t2');
    await execute('t2');
    await expect(execute('t3')).rejects.toThrow('cannot be executed in its current status');
  });
});

describe('express mode', () => {
  it('is done when configured, and leaves failures unless it is told to roll them back', async () => {
    const slowResources: Record<string, number> = {};
    await start({ slowResources });
    const hold = aws.things.hold('create A');
    await create({ DeploymentConfig: { Mode: 'EXPRESS' } });
    await hold.reached;
    // It is configured now, and would take for ever to be ready.
    slowResources['A'] = Number.POSITIVE_INFINITY;
    hold.release();
    expect(await aws.settled('s1')).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      DeploymentConfig: { Mode: 'EXPRESS', DisableRollback: true },
    });
    await aws.close();

    await start({ failResources: { B: 'no' } });
    await create({ DeploymentConfig: { Mode: 'EXPRESS' } });
    expect((await aws.settled('s1')).StackStatus).toBe('CREATE_FAILED');
    await create({ StackName: 's2', DeploymentConfig: { Mode: 'EXPRESS', DisableRollback: false } });
    expect((await aws.settled('s2')).StackStatus).toBe('ROLLBACK_COMPLETE');
  });
});
