import {
  type CloudFormationClient,
  DescribeStacksCommand,
  ListChangeSetsCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { OperationError } from '../cli/errors.ts';
import type { Stack } from '../aws/stack.ts';

/** Status of the empty stack behind a change set of type CREATE that has not been executed. */
export const SHELL_STATUS = 'REVIEW_IN_PROGRESS';

/** Our change sets begin with this. */
export const CHANGE_SET_PREFIX = 'agentstream-';

/** The template's Description begins with this, whatever tool has deployed it. */
const DESCRIPTION_PREFIX = 'agentstream';

/**
 * Checks that a stack was created from our template; an empty one is ours when all its change sets are.
 * @throws {OperationError} FOREIGN_STACK, with the hint
 */
export async function requireOwnStack(client: CloudFormationClient, stack: Stack, hint: string): Promise<void> {
  if (stack.status === SHELL_STATUS) {
    const { Summaries = [] } = await client.send(new ListChangeSetsCommand({ StackName: stack.id }));
    if (Summaries.every(({ ChangeSetName: name }) => name?.startsWith(CHANGE_SET_PREFIX))) return;
  } else if (stack.description?.startsWith(DESCRIPTION_PREFIX)) return;
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

export type StackResource = Awaited<ReturnType<typeof listStackResources>>[number];

/** Every resource of the stack, without the deleted ones. */
export async function listStackResources(client: CloudFormationClient, stackId: string) {
  const found: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackId }))
    found.push(...(page.StackResourceSummaries ?? []));
  return found
    .filter(({ ResourceStatus: status }) => status !== 'DELETE_COMPLETE')
    .map(({ LogicalResourceId: logicalId = '', PhysicalResourceId: physicalId = '', ResourceType: resourceType = '' }) => ({
      logicalId,
      physicalId,
      resourceType,
    }));
}
