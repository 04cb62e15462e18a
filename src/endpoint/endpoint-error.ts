import { isJsonObject, parseJson } from '../agent-events/json-value.ts';
import { serviceCode } from '../cli/error-codes.ts';
import type { ProxySettings } from '../aws/proxy.ts';
import { connectionHint } from '../aws/connection-failure.ts';
import { hint, type Hint, OperationError } from '../cli/errors.ts';
import type { Credentials } from './authorize.ts';

/**
 * The failure that an answer other than 200 stands for: the function's own error body or API Gateway's `message`.
 * @param auth how the request proved who it is: a refusal is explained by it
 */
export function endpointError(status: number, body: string, auth: Credentials['type'] = 'none'): OperationError {
  const failure = parseErrorBody(body);
  const message = failure.error ?? failure.message ?? 'no reason given';
  return new OperationError(serviceCode(failure.code ?? `HTTP_${status}`), `the endpoint answered ${status}: ${message}`, {
    hint: hintFor(status, failure.code, auth, message),
  });
}

function hintFor(status: number, code: string | undefined, auth: Credentials['type'], message: string): Hint | undefined {
  if (code === undefined && (status === 401 || status === 403)) {
    if (DENIED_BY_POLICY.test(message)) return POLICY;
    return (status === 401 ? UNKNOWN : REFUSED)[auth];
  }
  // With a code, a service behind the endpoint throttles: the endpoint's own limits have no part in it.
  if (status === 429)
    return code === undefined ? hint`wait a moment, or raise --rate-limit and --quota with \`${DEPLOY}\`` : 'wait a moment';
  if (code === 'AGENT_NOT_FOUND')
    return 'the agent has no endpoint of that name, or is gone: check --qualifier, else deploy again with the ARN of an agent that exists: --agent-arn';
  if (code === 'CALLER_UNKNOWN')
    return hint`the stack is set to need this identity: see --user-id-from and --session-scope of \`${DEPLOY}\``;
  if (code === undefined && (status === 500 || status === 502)) return GATEWAY_FAILED;
  if (code === undefined && status === 413) return TOO_LONG;
  if (status === 424) return hint`look at the agent's own log: it failed, not the endpoint; ${LOGS} has the AWS request id`;
  return undefined;
}

const DEPLOY = ['agentstream', 'deploy'];
/** The command that shows what the function says of a failed turn. */
export const LOGS = ['agentstream', 'logs'];

const GIVE_TOKEN = 'by --token, AGENTSTREAM_TOKEN or --token-command';

/**
 * A resource policy denies every caller in these words (developer guide, "Create and attach an API Gateway resource policy to an API"; the explicit deny:
 * Knowledge Center, "403 errors when using a Lambda authorizer"). A signed request that lacks only an IAM permission is answered otherwise.
 */
const DENIED_BY_POLICY = /User: anonymous is not authorized|execute-api:Invoke.* explicit deny/;
const POLICY = hint`a policy of the API refuses this address or VPC endpoint: see --allow-cidr and --vpc-endpoint-id of \`${DEPLOY}\``;
const GIVE_KEY = 'give an API key by --api-key or AGENTSTREAM_API_KEY';

/**
 * API Gateway's own answer: Lambda has refused the function, it failed before it answered, or its authorizer failed (developer guide,
 * "Gateway response types": AUTHORIZER_FAILURE, 500).
 */
const GATEWAY_FAILED = hint`the function or an authorizer was refused or failed: perhaps as many streams are open as --max-concurrency of \`${DEPLOY}\` or the account's concurrency allows; wait a moment, and see ${LOGS}`;

/** Lambda guide, "Lambda quotas"; API Gateway itself takes 10 MB. */
const TOO_LONG = 'too long for a Lambda event: 6 MB, with the escapes that make the request JSON; send less, or a link to it';

/** 401: the endpoint does not know the caller. */
const UNKNOWN: Readonly<Record<Credentials['type'], string>> = {
  none: `it wants a bearer token: give one ${GIVE_TOKEN}`,
  'api-key': `it wants a bearer token, not an API key: give one ${GIVE_TOKEN}`,
  iam: `it wants a bearer token, not a signature: give one ${GIVE_TOKEN}`,
  bearer: `the token was not accepted: has it expired, is it of another user pool, does it lack the scope? give a new one ${GIVE_TOKEN}`,
};

/** 403: the endpoint knows the caller and refuses, or answers every stranger so. */
const REFUSED: Readonly<Record<Credentials['type'], Hint>> = {
  none: `${GIVE_KEY}, a token ${GIVE_TOKEN}, or sign: --sigv4`,
  'api-key': hint`${GIVE_KEY}; \`${['agentstream', 'status', '--show-key']}\` prints it`,
  iam: hint`the credentials have to be allowed execute-api:Invoke on this API, and to be valid: ${['agentstream', 'status']}, ${['aws', 'sts', 'get-caller-identity']}`,
  bearer: 'the token is known but not allowed to do this: its authorizer, a WAF rule or a policy refuses it',
};

/** The members of an error's body that are text: it may come from anybody, and be anything. */
function parseErrorBody(body: string): { error?: string | undefined; code?: string | undefined; message?: string | undefined } {
  const members = parseJson(body);
  if (!isJsonObject(members)) return { error: body.slice(0, 200).trim() || 'an empty body' };
  const text = (name: string): string | undefined => (typeof members[name] === 'string' ? members[name] : undefined);
  // The member is `Message` when a policy refuses (developer guide, "Create and attach an API Gateway resource policy to an API").
  return { error: text('error'), code: text('code'), message: text('message') ?? text('Message') };
}

/** The connection could not be opened: the agent has not been asked. @param url that was called; undefined for AWS itself */
export function connectFailed(error: Error & { readonly code?: string }, url?: string, proxies?: ProxySettings): OperationError {
  const { code, message } = error;
  return new OperationError('CONNECT_FAILED', `no connection to the endpoint (${code ?? message})`, {
    hint: connectionHint(code ?? '', { url, proxies }, url === undefined ? 'check the network, and the Region' : 'check the URL'),
    cause: error,
  });
}

/** The connection was open and broke before the end of the answer. `turnFailure` knows how long it had lasted, and gives the hint. */
export function streamCut(reason: string, cause?: unknown): OperationError {
  return new OperationError('STREAM_CUT', `the stream broke off before its end (${reason})`, { cause });
}
