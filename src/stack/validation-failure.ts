import { type CloudFormationClient, DescribeEventsCommand } from '@aws-sdk/client-cloudformation';
import { redactArns } from '../aws/redact-arns.ts';

/** What CloudFormation's validation before the deployment has found (user guide, "Validate stack deployments"). */
export interface ValidationFailure {
  readonly logicalId: string;
  readonly resourceType: string;
  /** Within the template: `/Resources/Function/Properties/Role`. */
  readonly path: string;
  /** In AWS's words, without ARNs. */
  readonly reason: string;
}

/**
 * Why a change set has failed: its own reason only says that the validation did. Without permission for DescribeEvents nothing more
 * can be said, so an error is no answer.
 * @param changeSetId an ARN: with a mere name the call wants the stack, too
 */
export async function readValidationFailures(
  client: CloudFormationClient,
  changeSetId: string,
): Promise<ValidationFailure[]> {
  const found: ValidationFailure[] = [];
  try {
    let token: string | undefined;
    do {
      const page = await client.send(
        new DescribeEventsCommand({
          ChangeSetName: changeSetId,
          Filters: { FailedEvents: true },
          ...(token && { NextToken: token }),
        }),
      );
      for (const event of page.OperationEvents ?? []) {
        if (event.ValidationStatusReason === undefined) continue;
        found.push({
          logicalId: event.LogicalResourceId ?? '',
          resourceType: event.ResourceType ?? '',
          path: event.ValidationPath ?? '',
          reason: redactArns(event.ValidationStatusReason),
        });
      }
      token = page.NextToken;
    } while (token);
  } catch {
    // The change set's own reason has to do.
  }
  return found;
}
