import {
  type CloudFormationClient,
  DescribeStacksCommand,
  ListChangeSetsCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { hint, OperationError } from '../cli/errors.ts';
import type { Stack } from '../aws/stack.ts';

/** Status of the empty stack behind a change set of type CREATE that has not been executed. */
export const SHELL_STATUS = 'REVIEW_IN_PROGRESS';

/** Our change sets begin with this. */
export const CHANGE_SET_PREFIX = 'agentstream-';

/** The template's Description begins with this, whatever tool has deployed it. */
const DESCRIPTION_PREFIX = 'agentstream';

/** Whether a stack was created from our template; an empty one is ours when all its change sets are. */
async function isOwnStack(client: CloudFormationClient, stack: Stack): Promise<boolean> {
  if (stack.status !== SHELL_STATUS) return stack.description?.startsWith(DESCRIPTION_PREFIX) === true;
  const { Summaries = [] } = await client.send(new ListChangeSetsCommand({ StackName: stack.id }));
  return Summaries.every(({ ChangeSetName: name }) => name?.startsWith(CHANGE_SET_PREFIX) === true);
}

/** @throws {OperationError} FOREIGN_STACK, with the hint */
export async function requireOwnStack(client: CloudFormationClient, stack: Stack, hint: string): Promise<void> {
  if (await isOwnStack(client, stack)) return;
  throw new OperationError('FOREIGN_STACK', `the stack ${stack.name} was not created by agentstream`, { hint });
}

/** Names of our stacks in the Region; empty when the caller may not list stacks. */
export async function listOwnStacks(client: CloudFormationClient): Promise<string[]> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
    return Stacks.filter(({ Description: text }) => text?.startsWith(DESCRIPTION_PREFIX)).flatMap(
      ({ StackName: name }) => name ?? [],
    );
  } catch {
    return [];
  }
}

/** @throws {OperationError} STACK_PROTECTED for a stack that AWS would refuse to delete */
export function requireUnprotected({ name, isProtected }: Stack): void {
  if (!isProtected) return;
  throw new OperationError('STACK_PROTECTED', `the stack ${name} is protected from deletion`, {
    hint: hint`turn protection off first: ${['agentstream', 'deploy', '--no-termination-protection']}`,
  });
}

export type StackResource = Awaited<ReturnType<typeof listStackResources>>[number];

/** Every resource of the stack, without the deleted ones. */
export async function listStackResources(client: CloudFormationClient, stackId: string) {
  const found: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackId })) {
    found.push(...(page.StackResourceSummaries ?? []));
  }
  return found
    .filter(({ ResourceStatus: status }) => status !== 'DELETE_COMPLETE')
    .map(({ LogicalResourceId: logicalId = '', PhysicalResourceId: physicalId = '', ResourceType: resourceType = '' }) => ({
      logicalId,
      physicalId,
      resourceType,
    }));
}
