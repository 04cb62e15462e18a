import { type APIGatewayClient, GetStageCommand } from '@aws-sdk/client-api-gateway';
import type { Stack } from '../aws/describe-stack.ts';

export type LogSource = 'function' | 'access';

/** A log group that a stack writes to. */
export interface StackLogGroup {
  readonly source: LogSource;
  readonly name: string;
  /** Of access logs: the stage's format, with its `$context` variables. */
  readonly format?: string;
}

export interface FoundLogGroups {
  readonly groups: readonly StackLogGroup[];
  /** Why a source is missing, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Where the stack's logs are: the function's group by the stack's output, that of the access logs by the stage itself, so that one
 * which was set up by other means is found as well.
 * @throws what API Gateway says when the stage cannot be read
 */
export async function findLogGroups(
  { outputs }: Stack,
  client: APIGatewayClient,
): Promise<FoundLogGroups> {
  const groups: StackLogGroup[] = [];
  const notes: string[] = [];
  const { LogGroupName: ofFunction, FunctionName, ApiId, StageName } = outputs;
  // Lambda's own name for a function without a group of its own (Lambda guide, "Working with CloudWatch Logs").
  const name = ofFunction ?? (FunctionName && `/aws/lambda/${FunctionName}`);
  if (name) groups.push({ source: 'function', name });
  if (!ApiId || !StageName) return { groups, notes };
  const { accessLogSettings } = await client.send(
    new GetStageCommand({ restApiId: ApiId, stageName: StageName }),
  );
  const { destinationArn = '', format = '' } = accessLogSettings ?? {};
  const group = /:log-group:(.+?)(?::\*)?$/.exec(destinationArn)?.[1];
  if (group !== undefined) groups.push({ source: 'access', name: group, format });
  else if (destinationArn !== '') notes.push('the access logs go to Firehose: read them there');
  else notes.push('the stage writes no access log');
  return { groups, notes };
}
