import {
  type CloudFormationClient,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';

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
