import {
  type APIGatewayClient,
  GetIntegrationCommand,
  GetResourcesCommand,
} from '@aws-sdk/client-api-gateway';
import { INVOKE_PATH, PROBE_PATH } from '../protocol.ts';
import { hint } from '../cli/hint.ts';
import { STREAM_LIMIT_MS } from '../aws/limits.ts';

/** What a method's integration is set to, as API Gateway has it now. */
export interface MethodIntegration {
  /** For example `POST /invoke`. */
  readonly method: string;
  /** False when the method, or its integration, is not there. */
  readonly exists: boolean;
  readonly transferMode?: string | undefined;
  readonly uri?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** The methods that the function answers; `OPTIONS` is API Gateway's own. */
const METHODS: readonly (readonly [httpMethod: string, path: string])[] = [
  ['POST', INVOKE_PATH],
  ['DELETE', INVOKE_PATH],
  ['POST', PROBE_PATH],
];

/** Most that one page takes (API reference, GetResources). */
const PAGE_SIZE = 500;

/**
 * Reads the integrations of our methods back from API Gateway: the resource as it is edited, of which the stage has a snapshot.
 * @throws what API Gateway says, except that something is not there
 */
export async function readIntegrations(
  client: APIGatewayClient,
  restApiId: string,
): Promise<MethodIntegration[]> {
  const { items = [] } = await client.send(
    new GetResourcesCommand({ restApiId, limit: PAGE_SIZE }),
  );
  return Promise.all(
    METHODS.map(async ([httpMethod, path]) => {
      const method = `${httpMethod} ${path}`;
      const resourceId = items.find((item) => item.path === path)?.id;
      if (resourceId === undefined) return { method, exists: false };
      try {
        const found = await client.send(
          new GetIntegrationCommand({ restApiId, resourceId, httpMethod }),
        );
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
