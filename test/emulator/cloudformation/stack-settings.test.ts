import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CloudFormationServer, startCloudFormation } from './cloudformation-server.ts';

let aws: CloudFormationServer;
beforeAll(async () => {
  aws = await startCloudFormation();
});
afterAll(() => aws.close());

const template = (size: number) => JSON.stringify({ Resources: { A: { Type: 'Test::Thing', Properties: { Size: size } } } });
const TAGS = [{ Key: 'team', Value: 'a' }];

async function described(StackName: string) {
  const { Stacks = [] } = await aws.client.send(new DescribeStacksCommand({ StackName }));
  return Stacks[0];
}

test('tags stay with a stack until an update names others, which replace them all', async () => {
  const StackName = 'tagged';
  await aws.client.send(new CreateStackCommand({ StackName, TemplateBody: template(1), Tags: TAGS }));
  await aws.settled(StackName);
  await aws.client.send(new UpdateStackCommand({ StackName, TemplateBody: template(2) }));
  expect((await aws.settled(StackName)).Tags).toEqual(TAGS);
  const Tags = [{ Key: 'stage', Value: 'prod' }];
  // No resource changes: tags alone are a change.
  await aws.prepare({ StackName, ChangeSetName: 'tags', TemplateBody: template(2), Tags });
  await aws.client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName: 'tags' }));
  expect((await aws.settled(StackName)).Tags).toEqual(Tags);
  await aws.prepare({ StackName, ChangeSetName: 'none', TemplateBody: template(2), Tags: [] });
  await aws.client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName: 'none' }));
  expect((await aws.settled(StackName)).Tags).toEqual([]);
});

test('a protected stack is not deleted, until the protection is taken away', async () => {
  const StackName = 'protected';
  const input = { StackName, TemplateBody: template(1), EnableTerminationProtection: true };
  await aws.client.send(new CreateStackCommand(input));
  expect((await aws.settled(StackName)).EnableTerminationProtection).toBe(true);
  const remove = () => aws.client.send(new DeleteStackCommand({ StackName }));
  await expect(remove()).rejects.toThrow('Stack [protected] cannot be deleted while TerminationProtection is enabled');
  expect((await described(StackName))?.StackStatus).toBe('CREATE_COMPLETE');
  await aws.client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
  await remove();
  await expect.poll(() => described(StackName).catch(() => 'gone')).toBe('gone');
});
