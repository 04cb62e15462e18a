import { randomUUID } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { parseObject, unknownMembers } from '../../kernel/properties.ts';
import { arn } from '../../kernel/place.ts';
import { scaleLength } from '../../kernel/clock.ts';
import type { RestRoutes } from '../../protocols/rest-json.ts';
import { type Exchange, gatewayAnswer } from '../front-door/exchange.ts';
import { runIntegration } from '../front-door/execute-api.ts';
import { GatewayError, internalServerError } from '../front-door/gateway-error.ts';
import { SOURCE_IP_HEADER } from '../front-door/request-context.ts';
import { matchRoute, type RouteInput } from '../front-door/route.ts';
import { badRequest } from '../errors.ts';
import { type Deployment, makeDeployment } from '../records/rest-api.ts';
import { readStage } from '../records/stage.ts';
import { type ApiStore, find } from '../store.ts';

interface TestInvokeInput {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly pathWithQueryString?: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
}

/**
 * TestInvokeMethod: runs the integration of a method as it is edited, without authorization, API key and throttling, and collects its
 * answer. An answer in STREAM mode is returned at its end, at 1 MB or after 35 seconds, with status 0 when its headers have not come
 * until then, and without an execution log (developer guide, "response-transfer-mode").
 */
export function testInvokeRoute(store: ApiStore, input: Pick<RouteInput, 'place' | 'lambda' | 'limits'>): RestRoutes {
  const { place, limits } = input;
  return {
    'POST /restapis/{api}/resources/{resource}/methods/{method}': async ({ request, label }) => {
      const given: TestInvokeInput = parseObject(request.body.toString('utf8')) ?? {};
      const [unknown] = unknownMembers(given, 'body headers multiValueHeaders pathWithQueryString stageVariables');
      if (unknown !== undefined) throw badRequest(`the emulator does not support ${unknown} of TestInvokeMethod`);
      const api = find.restApi(store, label('api'));
      const resource = find.resource(api, label('resource'));
      const method = find.method(resource, label('method'));
      const [path = '', query] = (given.pathWithQueryString || resource.path).split('?', 2);
      const deployment = makeDeployment(api, undefined);
      const { exchange, answer } = openTestExchange(toIncoming(given, label('method')), deployment, limits.testInvokeBytes);
      const { stageVariables } = given;
      const routed = {
        resource,
        method,
        pathParameters: matchRoute(deployment.resources, path, label('method'))?.pathParameters ?? {},
        exchange,
        place,
        apiId: api.id,
        endpointType: api.settings.endpointType,
        stage: readStage({ StageName: TEST_STAGE, ...(stageVariables && { Variables: stageVariables }) }, deployment.id),
        deployment,
        httpMethod: label('method'),
        methodArn: arn(place, 'execute-api', `${api.id}/${TEST_STAGE}/${label('method')}${path}`),
        path,
        query: new URLSearchParams(query),
        body: Buffer.from(given.body ?? ''),
        apiKey: undefined,
        caller: {},
      };
      const started = performance.now();
      const timer = setTimeout(() => exchange.end(), scaleLength(limits.testInvokeMs, limits.timeScale));
      void runIntegration(routed, input).catch((error: unknown) =>
        exchange.fail(error instanceof GatewayError ? error : internalServerError(500)),
      );
      await exchange.closed;
      clearTimeout(timer);
      return { ...answer(), log: '', latency: Math.round(performance.now() - started) };
    },
  };
}

/** The stage as functions see it in their event. */
const TEST_STAGE = 'test-invoke-stage';

function toIncoming({ headers = {}, multiValueHeaders = {} }: TestInvokeInput, method: string): IncomingMessage {
  const incoming = new IncomingMessage(new Socket());
  const lists = Object.entries(multiValueHeaders).flatMap(([name, values]) => values.map((value) => [name, value] as const));
  const all = [[SOURCE_IP_HEADER, 'test-invoke-source-ip'] as const, ...Object.entries(headers), ...lists];
  for (const [name, value] of all) incoming.headers[name.toLowerCase()] = value;
  return Object.assign(incoming, { method, httpVersion: '1.1', rawHeaders: all.flat() });
}

/** An exchange without a connection, whose answer is kept, up to a number of bytes. */
function openTestExchange(incoming: IncomingMessage, { gatewayResponses }: Deployment, maxBytes: number) {
  let status = 0;
  let multiValueHeaders: Record<string, string[]> = {};
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let isOver = false;
  let close!: () => void;
  const closed = new Promise<void>((resolve) => (close = resolve));
  const end = (): void => {
    isOver = true;
    close();
  };
  const exchange: Exchange = {
    incoming,
    requestId: randomUUID(),
    extendedRequestId: '',
    arrivedAt: Date.now(),
    closed,
    integration: {},
    caller: {},
    waf: undefined,
    failure: undefined,
    gatewayResponses,
    get over() {
      return isOver;
    },
    begin(begun, headers) {
      status = begun;
      multiValueHeaders = {};
      for (const [name, value] of headers) (multiValueHeaders[name] ??= []).push(value);
    },
    async write(chunk) {
      if (isOver) return;
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= maxBytes) end();
    },
    end,
    fail(error) {
      if (isOver) return;
      const failed = gatewayAnswer(error, gatewayResponses);
      exchange.begin(failed.status, failed.headers);
      chunks.splice(0, chunks.length, failed.body);
      end();
    },
    cut: end,
  };
  const answer = () => ({
    status,
    multiValueHeaders,
    headers: Object.fromEntries(Object.entries(multiValueHeaders).map(([name, values]) => [name, values.at(-1)])),
    body: Buffer.concat(chunks).toString('utf8', 0, maxBytes),
  });
  return { exchange, answer };
}
