import { type APIGatewayClient, GetIntegrationCommand, GetResourcesCommand } from '@aws-sdk/client-api-gateway';
import { INVOKE_PATH, PROBE_PATH } from '../protocol.ts';
import { hint } from '../cli/errors.ts';
import { STREAM_LIMIT_MS } from '../aws/limits.ts';
import { formatSpan } from '../ui/format.ts';

/** The integration of a method, as API Gateway has it now; `exists` is false when the method or its integration is missing. */
type MethodIntegration = Awaited<ReturnType<typeof readIntegrations>>[number];

/** The methods that the function answers; API Gateway itself answers `OPTIONS`. */
const METHODS: readonly (readonly [httpMethod: string, path: string])[] = [
  ['POST', INVOKE_PATH],
  ['DELETE', INVOKE_PATH],
  ['POST', PROBE_PATH],
];

/** Largest page of GetResources (API reference). */
const PAGE_SIZE = 500;

/**
 * Reads the integrations of our methods from API Gateway. They belong to the editable API; the stage serves a snapshot of it.
 * @throws errors of API Gateway, except for a missing resource
 */
export async function readIntegrations(client: APIGatewayClient, restApiId: string) {
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId, limit: PAGE_SIZE }));
  return Promise.all(
    METHODS.map(async ([httpMethod, path]) => {
      /** For example `POST /invoke`. */
      const method = `${httpMethod} ${path}`;
      const resourceId = items.find((item) => item.path === path)?.id;
      if (resourceId === undefined) return { method, exists: false };
      try {
        const found = await client.send(new GetIntegrationCommand({ restApiId, resourceId, httpMethod }));
        return {
          method,
          exists: true,
          // BUFFERED when absent (API reference, PutIntegration).
          transferMode: found.responseTransferMode ?? 'BUFFERED',
          uri: found.uri,
          timeoutMs: found.timeoutInMillis,
        };
      } catch (error) {
        if ((error as Error).name === 'NotFoundException') return { method, exists: false };
        throw error;
      }
    }),
  );
}

/** The Lambda API of a streaming integration (developer guide, "Set up a Lambda proxy integration with payload response streaming"). */
const STREAMING_URI = /\/2021-11-15\/functions\/(.+)\/response-streaming-invocations$/;

/**
 * Lists the problems that keep a method from streaming, a sentence each. Transfer mode and URI are separate settings, and AWS does not
 * report when they contradict each other.
 * @param functionName the stack's function; undefined when it is not known
 */
export function judgeIntegration(integration: MethodIntegration, functionName: string | undefined): string[] {
  const { method, exists, transferMode, uri = '', timeoutMs } = integration;
  if (!exists) return [`${method} is missing`];
  const problems: string[] = [];
  const called = STREAMING_URI.exec(uri)?.[1];
  if (transferMode !== 'STREAM')
    problems.push(`${method} has the transfer mode ${transferMode}: answers arrive whole, without streaming`);
  if (called === undefined) {
    problems.push(`${method} does not call Lambda's streaming API (${uri.split('/').at(-1) || 'no URI'})`);
    // The ARN may end in a version or an alias.
  } else if (functionName !== undefined && called.split(':')[6] !== functionName) {
    problems.push(`${method} calls a function outside the stack`);
  }
  if (transferMode === 'STREAM' && (timeoutMs ?? 0) < STREAM_LIMIT_MS)
    problems.push(`${method} ends streams after ${formatSpan(timeoutMs ?? 0)} instead of ${formatSpan(STREAM_LIMIT_MS)}`);
  return problems;
}

/** CloudFormation does not repair a change made outside of it while the template stays the same. */
export const INTEGRATION_HINT = hint`\`${['agentstream', 'deploy']}\` updates a stack of an older version; undo manual changes by hand, then deploy the API to its stage again`;
