import { createApiGateway } from '../../../src/emulator/apigateway/service.ts';
import type { RouteInput } from '../../../src/emulator/apigateway/front-door/route.ts';
import type { FunctionInvoker, FunctionResponse } from '../../../src/emulator/lambda/invoke-function.ts';
import { API_GATEWAY_LIMITS, type ApiGatewayLimits } from '../../../src/emulator/apigateway/limits.ts';
import type { EndpointRequestEvent } from '../../../src/emulator/kernel/emulator-event.ts';
import { createIam } from '../../../src/emulator/iam/service.ts';
import { readAuthorization } from '../../../src/emulator/kernel/sigv4.ts';
import type { Properties, ProvisionedResource } from '../../../src/emulator/kernel/resource-provider.ts';
import { handlersOf } from '../resource-handlers.ts';
import { serveService } from './serve-service.ts';

export const PLACE = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
export const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:f';
export const STREAM_URI = `arn:aws:apigateway:eu-central-1:lambda:path/2021-11-15/functions/${FUNCTION_ARN}/response-streaming-invocations`;
export const BUFFERED_URI = `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${FUNCTION_ARN}/invocations`;
export const STREAM = {
  Type: 'AWS_PROXY',
  IntegrationHttpMethod: 'POST',
  Uri: STREAM_URI,
  ResponseTransferMode: 'STREAM',
  TimeoutInMillis: 900_000,
};
const NULS = '\0'.repeat(8);

export interface Invocation {
  readonly event: Record<string, unknown>;
  readonly mode: 'streaming' | 'buffered';
  readonly source: { readonly principal: string; readonly sourceArn: string } | undefined;
}

/** What a pretended function does with an invocation. */
export type FakeFunction = (invocation: Invocation) => AsyncIterable<Buffer> | Promise<Partial<FunctionResponse>>;

/** The prelude of a streaming function. */
export function prelude(metadata: object): string {
  return `${JSON.stringify(metadata)}${NULS}`;
}

/** A payload of these chunks, ready at once. */
export async function* chunks(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

function fakeLambda(run: FakeFunction): FunctionInvoker {
  return {
    async invoke({ payload, mode, source }) {
      const event = JSON.parse(payload.toString('utf8')) as Record<string, unknown>;
      const answer = await run({ event, mode, source });
      return {
        requestId: 'fake',
        contentType: 'application/octet-stream',
        completion: Promise.resolve({ type: 'ok' }),
        ...(Symbol.asyncIterator in answer ? { payload: answer } : { payload: chunks(), ...answer }),
        log: () => undefined,
      };
    },
  };
}

/** Headers of a request to the API that this access key has signed just now. */
export function signedBy(accessKeyId: string) {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = `${accessKeyId}/${stamp.slice(0, 8)}/${PLACE.region}/execute-api/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  return { authorization, 'x-amz-date': stamp };
}

/** API Gateway on a loopback port, in front of a function that the test writes. */
export async function startGateway(
  run: FakeFunction = () => chunks(prelude({})),
  limits: Partial<ApiGatewayLimits> = {},
  lambda: FunctionInvoker = fakeLambda(run),
  front: Partial<Pick<RouteInput, 'iam' | 'verifyToken' | 'waf'>> = {},
) {
  const { iam = createIam(PLACE), ...checks } = front;
  const logLines: string[] = [];
  const events: EndpointRequestEvent[] = [];
  const waiting: ((event: EndpointRequestEvent) => void)[] = [];
  const gateway = createApiGateway({
    place: PLACE,
    iam,
    waf: { webAclOf: () => undefined, inspect: () => undefined },
    // Every signature is accepted, and no token.
    authenticate: ({ headers }) => readAuthorization(headers),
    verifyToken: async () => ({ type: 'invalid', reason: 'no user pool' }),
    ...checks,
    putLogEvent: (_group, _stream, line) => void logLines.push(line),
    limits: { ...API_GATEWAY_LIMITS, ...limits },
    emit(event) {
      if (event.type !== 'endpoint-request') return;
      events.push(event);
      waiting.shift()?.(event);
    },
    lambda,
  });
  const served = await serveService(gateway, (incoming, response) => {
    const [, apiId = '', stage = '', path = '/'] =
      /^\/_aws\/execute-api\/([^/?]+)(?:\/([^/?]+))?(\/[^?]*)?/.exec(incoming.url ?? '') ?? [];
    if (apiId === '') return false;
    void gateway.handleEndpointRequest({ apiId, stage, path }, incoming, response);
    return true;
  });

  const provider = (type: string) => handlersOf(gateway, `AWS::ApiGateway::${type}`);
  const context = { ...PLACE, stackName: 'stack', stackId: 'id', logicalId: 'Logical' };
  const create = (type: string, properties: Properties): Promise<ProvisionedResource> =>
    provider(type).create(properties, context);

  return {
    ...served,
    gateway,
    iam,
    events,
    /** Lines of access logs. */
    logLines,
    provider,
    context,
    create,
    /** The event of the next request that ends. */
    nextEvent: () => new Promise<EndpointRequestEvent>((resolve) => waiting.push(resolve)),
    url: (apiId: string, stage: string, path: string) => `${served.endpoint}/_aws/execute-api/${apiId}/${stage}${path}`,
    /** Deploys `POST /invoke` (or what `methods` says) to the stage `v1`. */
    async deploy({
      api: apiProperties = {},
      authorizer,
      method = {},
      integration = {},
      endpointType = 'REGIONAL',
      prepare,
    }: {
      api?: Properties;
      /** The method gets it, with the AuthorizationType that goes with it. */
      authorizer?: Properties;
      method?: Properties;
      integration?: Properties;
      endpointType?: string;
      prepare?: (ids: { apiId: string; resourceId: string; rootId: string }) => Promise<unknown>;
    } = {}) {
      const api = await create('RestApi', { Name: 'api', EndpointConfiguration: { Types: [endpointType] }, ...apiProperties });
      const apiId = api.physicalId;
      const rootId = api.attributes['RootResourceId'] as string;
      const resource = await create('Resource', { RestApiId: apiId, ParentId: rootId, PathPart: 'invoke' });
      const resourceId = resource.physicalId;
      const authorizerId = authorizer && (await create('Authorizer', { RestApiId: apiId, Name: 'a', ...authorizer })).physicalId;
      await create('Method', {
        RestApiId: apiId,
        ResourceId: resourceId,
        HttpMethod: 'POST',
        AuthorizationType: 'NONE',
        ...(authorizerId && {
          AuthorizerId: authorizerId,
          AuthorizationType: authorizer['ProviderARNs'] ? 'COGNITO_USER_POOLS' : 'CUSTOM',
        }),
        Integration: { ...STREAM, ...integration },
        ...method,
      });
      await prepare?.({ apiId, resourceId, rootId });
      const deployment = await create('Deployment', { RestApiId: apiId });
      const deploymentId = deployment.physicalId;
      await create('Stage', { RestApiId: apiId, StageName: 'v1', DeploymentId: deploymentId });
      const url = `${served.endpoint}/_aws/execute-api/${apiId}/v1`;
      return { authorizerId, apiId, rootId, resourceId, deploymentId, url, invokeUrl: `${url}/invoke` };
    },
  };
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>;
