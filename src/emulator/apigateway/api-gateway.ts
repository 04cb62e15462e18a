import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmitEvent } from '../emulator-event.ts';
import type { Iam } from '../iam/iam.ts';
import type { PutLogEvent } from '../logs/log-events.ts';
import type { Place } from '../place.ts';
import { dispatchRest } from '../protocols/rest-json.ts';
import type { Service } from '../service.ts';
import { createApiStore } from './api-store.ts';
import type { Authenticate } from './authorize.ts';
import { controlPlaneRoutes } from './control-plane.ts';
import type { EndpointRequest } from './exchange.ts';
import { createExecuteApi } from './execute-api.ts';
import type { FunctionInvoker } from './function-invoker.ts';
import type { ApiGatewayLimits } from './limits.ts';
import { apiGatewayProviders } from './resource-provider.ts';

/** API Gateway REST APIs of one Region: the control plane's reads, and the front door of what is deployed. */
export interface ApiGatewayService extends Service {
  hasApi(apiId: string): boolean;
  /** Answers one request of a client to a deployed API; resolves when the client has its answer or has gone. */
  handleEndpointRequest(
    request: EndpointRequest,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void>;
}

/** @param input.authenticate checks SigV4 on AWS_IAM methods; without it the access key is taken at its word */
export function createApiGateway(input: {
  readonly place: Place;
  readonly lambda: FunctionInvoker;
  readonly iam: Iam;
  readonly limits: ApiGatewayLimits;
  readonly emit: EmitEvent;
  readonly putLogEvent?: PutLogEvent;
  readonly authenticate?: Authenticate;
}): ApiGatewayService {
  const store = createApiStore();
  const routes = controlPlaneRoutes(store, input.limits);
  const executeApi = createExecuteApi({ ...input, store });
  return {
    protocol: 'rest-json',
    resourceProviders: apiGatewayProviders(store, input.limits),
    handle: (request, response) => dispatchRest(routes, request, response),
    hasApi: (apiId) => store.restApis.has(apiId),
    handleEndpointRequest: executeApi.handle,
    async close() {
      executeApi.close();
    },
  };
}
