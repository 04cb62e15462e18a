import type { AwsRequest } from '../kernel/aws-request.ts';

export const USER_ID_HEADER = 'x-amzn-bedrock-agentcore-runtime-user-id';

/** API model of InvokeAgentRuntime: headers that reach the container, and of those the ones that come back. */
const CONTAINER_HEADERS = [
  USER_ID_HEADER,
  'x-amzn-trace-id',
  'traceparent',
  'tracestate',
  'baggage',
];

/** The headers of a call that its agent gets, by lower-case name. */
export function containerHeaders({ headers }: AwsRequest): Readonly<Record<string, string>> {
  const given = CONTAINER_HEADERS.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(
    given.filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
