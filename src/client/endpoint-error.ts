import { OperationError } from '../errors.ts';
import type { ErrorBody } from '../protocol.ts';

/** The failure that an answer other than 200 stands for: the function's own error body or API Gateway's `message`. */
export function endpointError(status: number, body: string): OperationError {
  const failure = parseErrorBody(body);
  const message = failure.error ?? failure.message ?? 'no reason given';
  return new OperationError(
    failure.code ?? `HTTP_${status}`,
    `the endpoint answered ${status}: ${message}`,
    { hint: hintFor(status, failure.code) },
  );
}

function hintFor(status: number, code: string | undefined): string | undefined {
  if (status === 403 && code === undefined)
    return 'give the API key by --api-key or AGENTSTREAM_API_KEY; `agentstream status --show-key` prints it';
  // With a code it is AWS behind the endpoint that throttles; those limits are not the endpoint's.
  if (status === 429)
    return code === undefined
      ? 'wait a moment, or raise --rate-limit and --quota with `agentstream deploy`'
      : 'wait a moment';
  if (code === 'AGENT_NOT_FOUND')
    return 'deploy again with the ARN of an agent that exists: --agent-arn';
  if (status === 424) return "look at the agent's own log: it failed, not the endpoint";
  return undefined;
}

function parseErrorBody(body: string): Partial<Omit<ErrorBody, 'code'>> & {
  readonly code?: string;
  readonly message?: string;
} {
  try {
    return JSON.parse(body) as Partial<ErrorBody> & { message?: string };
  } catch {
    return { error: body.slice(0, 200).trim() || 'an empty body' };
  }
}
