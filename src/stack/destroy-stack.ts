import {
  type CloudFormationClient,
  DeleteStackCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { OperationError } from '../errors.ts';
import type { Stack } from './describe-stack.ts';
import { findRootFailure, readLastEventId, type StackEvent } from './stack-event.ts';
import { watchStack } from './watch-stack.ts';

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly resourceType: string;
  readonly status: string;
}

/** Every resource that the stack has now. */
export async function listStackResources(
  client: CloudFormationClient,
  stackId: string,
): Promise<StackResource[]> {
  const resources: StackResource[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListStackResourcesCommand({ StackName: stackId, ...(token && { NextToken: token }) }),
    );
    for (const resource of page.StackResourceSummaries ?? []) {
      resources.push({
        logicalId: resource.LogicalResourceId ?? '',
        physicalId: resource.PhysicalResourceId ?? '',
        resourceType: resource.ResourceType ?? '',
        status: resource.ResourceStatus ?? '',
      });
    }
    token = page.NextToken;
  } while (token);
  return resources.filter((resource) => resource.status !== 'DELETE_COMPLETE');
}

export interface DestroyResult {
  readonly removed: readonly string[];
  /** Left in the account on purpose (DELETE_SKIPPED). */
  readonly kept: readonly string[];
}

/**
 * Deletes the stack, by its id, and follows it to the end.
 * @throws {OperationError} DESTROY_FAILED that names the resource and the reason
 * @throws AbortError when the signal is aborted; the deletion goes on in AWS
 */
export async function destroyStack(
  client: CloudFormationClient,
  stack: Stack,
  onEvent: (event: StackEvent) => void,
  signal: AbortSignal,
): Promise<DestroyResult> {
  const afterEventId = await readLastEventId(client, stack.id);
  await client.send(new DeleteStackCommand({ StackName: stack.id }));
  const { stack: deleted, events } = await watchStack(client, stack.id, {
    afterEventId,
    onEvent,
    signal,
  });
  if (deleted.status !== 'DELETE_COMPLETE') {
    const root = findRootFailure(events);
    throw new OperationError(
      'DESTROY_FAILED',
      `${root?.logicalId ?? stack.name} could not be deleted: ${root?.reason ?? deleted.statusReason ?? deleted.status}`,
      { hint: 'mend the cause and run agentstream destroy again' },
    );
  }
  const withStatus = (status: string): string[] =>
    events
      .filter((event) => event.status === status && !event.isStack)
      .map((event) => event.logicalId);
  return { removed: withStatus('DELETE_COMPLETE'), kept: withStatus('DELETE_SKIPPED') };
}
