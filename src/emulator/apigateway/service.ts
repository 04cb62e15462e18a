import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmitEvent } from '../kernel/emulator-event.ts';
import type { Iam } from '../iam/service.ts';
import type { PutLogEvent } from '../logs/store.ts';
import type { Place } from '../kernel/place.ts';
import { dispatchRest } from '../protocols/rest-json.ts';
import type { Service } from '../kernel/service.ts';
import { createApiStore } from './store.ts';
import type { Authenticate } from './authorizers/authorize-signer.ts';
import { controlPlaneRoutes } from './control-plane/control-plane.ts';
import { resolveDomain } from './front-door/resolve-domain.ts';
import { parseStageArn } from './stage-arn.ts';
import type { EndpointRequest } from './front-door/exchange.ts';
import { createExecuteApi } from './front-door/execute-api.ts';
import type { FunctionInvoker } from './front-door/function-invoker.ts';
import type { ApiGatewayLimits } from './limits.ts';
import { apiGatewayProviders } from './resource-provider.ts';
import type { TokenVerifier } from './authorizers/token-verifier.ts';
import type { WebAcls } from './front-door/web-acls.ts';

/** API Gateway REST APIs of one Region: the control plane's reads, and the front door of what is deployed. */
export interface ApiGatewayService extends Service {
  hasApi(apiId: string): boolean;
  hasDomain(domainName: string): boolean;
  /** Whether an ARN is that of a stage. */
  hasStage(stageArn: string): boolean;
  /** Which API and stage a path of a custom domain leads to; undefined when no mapping does. */
  resolveDomain(domainName: string, path: string): EndpointRequest | undefined;
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
  readonly verifyToken?: TokenVerifier;
  readonly waf?: WebAcls;
  /** Of the account, when it has one already. */
  readonly cloudWatchRoleArn?: string | undefined;
}): ApiGatewayService {
  const store = createApiStore(input.cloudWatchRoleArn);
  const routes = controlPlaneRoutes(store, input);
  const executeApi = createExecuteApi({ ...input, store });
  return {
    protocol: 'rest-json',
    resourceProviders: apiGatewayProviders(store, input.limits),
    async handle(request, response) {
      // The actions are the methods, the resources the paths (service authorization reference of API Gateway Management).
      const { partition, region } = input.place;
      const resource = `arn:${partition}:apigateway:${region}::${request.path}`;
      input.iam.authorize(request.accessKeyId, `apigateway:${request.method}`, [resource]);
      await dispatchRest(routes, request, response);
    },
    hasApi: (apiId) => store.restApis.has(apiId),
    hasDomain: (domainName) => store.domainNames.has(domainName),
    hasStage(arn) {
      const { apiId, stage } = parseStageArn(arn) ?? {};
      return store.restApis.get(apiId ?? '')?.stages.has(stage ?? '') ?? false;
    },
    resolveDomain: (domainName, path) => resolveDomain(store, domainName, path),
    handleEndpointRequest: executeApi.handle,
    async close() {
      executeApi.close();
    },
  };
}
