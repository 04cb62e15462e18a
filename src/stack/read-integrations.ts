import {
  type APIGatewayClient,
  GetIntegrationCommand,
  GetResourcesCommand,
} from '@aws-sdk/client-api-gateway';
import { INVOKE_PATH, PROBE_PATH } from '../protocol.ts';

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
