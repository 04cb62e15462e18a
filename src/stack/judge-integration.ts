import { hint } from '../cli/hint.ts';
import { STREAM_LIMIT_MS } from '../aws/limits.ts';
import type { MethodIntegration } from './read-integrations.ts';

/** The Lambda API of a streaming integration (developer guide, "Set up a Lambda proxy integration with payload response streaming"). */
const STREAMING_URI = /\/2021-11-15\/functions\/(.+)\/response-streaming-invocations$/;

/**
 * What keeps a method from streaming as it should, a sentence each; empty when nothing does. The mode and the URI are set apart from
 * each other, and nothing in AWS says so when they do not go together.
 * @param functionName of the stack; undefined when it is not known
 */
export function judgeIntegration(
  { method, exists, transferMode, uri = '', timeoutMs }: MethodIntegration,
  functionName: string | undefined,
): string[] {
  if (!exists) return [`${method} is not there`];
  const problems: string[] = [];
  const called = STREAMING_URI.exec(uri)?.[1];
  if (transferMode !== 'STREAM') {
    problems.push(
      `${method} has the transfer mode ${transferMode}: answers come whole or not at all`,
    );
  }
  if (called === undefined) {
    problems.push(`${method} does not call Lambda's streaming API (${apiOf(uri)})`);
  } else if (functionName !== undefined && !isFunction(called, functionName)) {
    problems.push(`${method} calls another function than that of the stack`);
  }
  if (transferMode === 'STREAM' && (timeoutMs ?? 0) < STREAM_LIMIT_MS) {
    problems.push(
      `${method} ends its streams after ${(timeoutMs ?? 0) / 1_000} s; ${STREAM_LIMIT_MS / 1_000} s are possible`,
    );
  }
  return problems;
}

/** What to do about it. CloudFormation does not see what was changed behind it as long as the template stays the same. */
export const INTEGRATION_HINT = hint`a stack of an older version is mended by \`${['agentstream', 'deploy']}\`; what was changed by hand has to be set back by hand, and the API deployed to its stage again`;

/** The end of the URI, without an ARN. */
function apiOf(uri: string): string {
  return uri === '' ? 'no URI' : (uri.split('/').at(-1) ?? uri);
}

/** An ARN, perhaps with a version or alias behind it. */
function isFunction(arn: string, name: string): boolean {
  return arn.split(':')[6] === name;
}
