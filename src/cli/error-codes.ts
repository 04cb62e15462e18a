import type { WireErrorCode } from '../protocol.ts';

/** Every code of an error that this program makes itself, by subject. `docs/errors.md` tells what each means and what to do. */
const CODES = {
  flags: ['CONFLICTING_FLAGS', 'INVALID_DURATION', 'INVALID_NUMBER', 'INVALID_SINCE', 'INVALID_URL', 'INVALID_VALUE'],
  names: ['INVALID_AGENT_ARN', 'INVALID_HOP', 'INVALID_SESSION_ID', 'INVALID_STACK_NAME'],
  files: ['CANNOT_READ', 'CANNOT_WRITE', 'INVALID_FILE'],
  chat: ['EDITOR_FAILED', 'EMPTY_PROMPT', 'MISSING_PROMPT', 'NO_SESSION', 'NO_TURN', 'UNKNOWN_COMMAND'],
  terminal: ['ABORTED', 'CONFIRMATION_NEEDED', 'NO_TERMINAL'],
  dev: ['EXEC_FAILED', 'INVALID_AGENT', 'INVALID_FAULT', 'INVALID_TIME_SCALE', 'PORT_IN_USE'],
  authorizer: ['AUTHORIZER_FAILED', 'AUTHORIZER_NEEDED'],
  aws: ['EXPIRED_CREDENTIALS', 'NOT_AWS', 'NO_CONNECTION', 'NO_CREDENTIALS', 'NO_REGION'],
  agent: ['AGENT_NOT_READY', 'AGENT_PROTOCOL', 'AGENT_TAKES_JWT', 'AGENT_WITHOUT_MMDSV2'],
  checks: ['CERTIFICATE_ELSEWHERE', 'CHECKS_FAILED', 'CONCURRENCY_TOO_HIGH', 'NO_ACCESS_LOG_ROLE', 'PREFLIGHT_FAILED'],
  settings: ['CONFLICTING_OPTIONS', 'MISSING_AGENT_ARN', 'MISSING_OPTION', 'UNSUPPORTED_CHANGE'],
  handler: ['HANDLER_BUILD_FAILED', 'HANDLER_NOT_FOUND', 'HANDLER_WITHOUT_EXPORT', 'OWN_HANDLER', 'TEMPLATE_TOO_LARGE'],
  operation: ['CHANGE_SET_FAILED', 'DEPLOY_FAILED', 'DESTROY_FAILED', 'NEEDS_RECOVERY', 'NOT_SERVING', 'STACK_DELETED'],
  stack: ['FOREIGN_STACK', 'STACK_NOT_FOUND', 'STACK_NOT_READY', 'STACK_PROTECTED', 'STACK_STUCK', 'STACK_TOO_OLD'],
  keys: ['KEY_NOT_RETIRED', 'NO_API_KEY'],
  logs: ['LOGS_DENIED', 'LOGS_THROTTLED', 'LOG_GROUP_MISSING', 'NO_LOG_GROUP'],
  connection: ['AGENT_UNREACHABLE', 'CONNECT_FAILED', 'CONNECT_TIMEOUT', 'HOP_NEEDS_STACK', 'PROBE_NEEDS_FUNCTION'],
  token: ['INVALID_TOKEN', 'MISSING_TOKEN', 'TOKEN_COMMAND_FAILED'],
  stream: ['AGENT_FAILED', 'CAP_CUT', 'CLIENT_TIMEOUT', 'EMPTY_ANSWER', 'IDLE_CUT', 'INVALID_PRELUDE', 'STREAM_CUT'],
  load: ['INVALID_LOAD', 'INVALID_PRICE', 'INVALID_PROBE', 'INVALID_SESSION_POLICY', 'INVALID_STAGE'],
  run: ['RATE_ABOVE_LIMIT', 'WORKER_DIED'],
  conversations: ['INVALID_PROMPTS', 'INVALID_RECORDING', 'NO_PROMPT', 'RECORDING_UNREADABLE'],
  verdict: ['CANNOT_JUDGE', 'INVALID_THRESHOLD', 'NO_GOOD_STREAM', 'THRESHOLD_FAILED', 'TOO_FEW_TURNS', 'WORSE'],
  report: ['CANNOT_MERGE', 'INVALID_REPORT', 'INVALID_RUN'],
  artillery: ['API_KEY_NEEDED', 'AUTH_NEEDS_URL', 'FOLDER_NOT_EMPTY', 'INVALID_TURNS_PLACE', 'NOT_FOR_ARTILLERY', 'TOKEN_NEEDED'],
} as const;

type OwnCode = (typeof CODES)[keyof typeof CODES][number];

export const ERROR_CODES: readonly OwnCode[] = Object.values(CODES).flat();

/** Codes of this program, and those that it shares with the deployed function. */
export type ErrorCode = OwnCode | WireErrorCode;

/** A code that this program did not choose. Made by `serviceCode` only. */
export type ServiceCode = string & { readonly from: 'service' };

/** Passes on the code of a failure that a service told: the name of an AWS exception, or the code in an endpoint's answer. */
export function serviceCode(code: string): ServiceCode {
  return code as ServiceCode;
}
