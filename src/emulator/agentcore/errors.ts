import { AwsError, errorType } from '../kernel/aws-error.ts';
import type { AgentFault } from '../faults/fault.ts';
import type { RuntimeAddress } from './agent.ts';

/** ValidationException (400) that names a field (API model). */
export function invalidField(field: string, message: string): AwsError {
  return new AwsError('ValidationException', 400, message, {
    reason: 'FieldValidationFailed',
    fieldList: [{ name: field, message }],
  });
}

/** For a runtime, an endpoint or a session. */
export const notFound = errorType('ResourceNotFoundException', 404);

/** The container failed (developer guide, "Troubleshoot AgentCore Runtime"). */
export const runtimeClientError = errorType('RuntimeClientError', 424);

/** InvokeAgentRuntime's errors by status (API model; "Troubleshoot AgentCore Runtime"); names for 503 and 504 are not documented. */
const ERRORS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['ValidationException', 'This runtime is not MMDSv2-enabled'],
  401: ['UnauthorizedException', 'Missing Authentication Token'],
  402: ['ServiceQuotaExceededException', 'Maximum number of active sessions exceeded (maxVms)'],
  403: ['AccessDeniedException', ''],
  404: ['ResourceNotFoundException', ''],
  409: ['ConflictException', 'The request conflicts with the state of the runtime'],
  424: ['RuntimeClientError', 'Received error (500) from runtime. Please check your CloudWatch logs for more information.'],
  429: ['ThrottlingException', 'Rate exceeded'],
  500: ['InternalServerException', 'An internal error occurred'],
  503: ['ServiceUnavailableException', 'The service is unavailable, please try again later'],
  504: ['GatewayTimeoutException', 'The runtime did not answer in time'],
};

export const AGENT_ERROR_STATUSES: readonly number[] = Object.keys(ERRORS).map(Number);

/** The one 409 that carries the retryable trait (API model): a session is being provisioned or torn down. */
export function sessionInProgress(): AwsError {
  return new AwsError('RetryableConflictException', 409, 'Session operation in progress, please retry');
}

const STATUS_OF_FAULT: Readonly<Record<string, number>> = { throttle: 429, denied: 403, 'not-found': 404 };

/** The error of a call with this fault; undefined for a fault of the agent itself. */
export function agentErrorOf(fault: AgentFault, target: RuntimeAddress): AwsError | undefined {
  if (fault.kind === 'conflict') return sessionInProgress();
  const status = fault.kind === 'error' ? fault.status : STATUS_OF_FAULT[fault.kind];
  return status === undefined ? undefined : agentError(status, target);
}

/** The service's error with this status. */
export function agentError(status: number, { runtimeArn, endpointArn, qualifier }: RuntimeAddress): AwsError {
  const [code = 'InternalServerException', message = ''] = ERRORS[status] ?? [];
  const accountId = runtimeArn.split(':')[4] ?? '';
  // Both name ARNs, which the function must not show to its clients.
  const sentence: Readonly<Record<number, string>> = {
    403: `User: arn:aws:sts::${accountId}:assumed-role/function-role/session is not authorized to perform: bedrock-agentcore:InvokeAgentRuntime on resource: ${endpointArn} because no identity-based policy allows the bedrock-agentcore:InvokeAgentRuntime action`,
    404: `No endpoint or agent found with qualifier '${qualifier}' for agent '${runtimeArn}'`,
  };
  return new AwsError(code, status, sentence[status] ?? message);
}
