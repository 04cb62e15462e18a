import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmitEvent, EndpointRequestEvent } from '../../kernel/emulator-event.ts';
import type { Iam } from '../../iam/service.ts';
import { groupNameOf } from '../../logs/store.ts';
import type { PutLogEvent } from '../../logs/store.ts';
import type { Place } from '../../kernel/place.ts';
import { accessLogValues, renderAccessLog } from './access-log.ts';
import type { ApiStore } from '../store.ts';
import type { Authenticate } from '../authorizers/authorize-signer.ts';
import { createAuthorizerCache } from '../authorizers/authorizer-cache.ts';
import { type EndpointRequest, type Exchange, openExchange } from './exchange.ts';
import type { FunctionInvoker } from './function-invoker.ts';
import { GatewayError, internalServerError } from './gateway-error.ts';
import { lambdaIntegration } from './lambda-integration.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import { mockIntegration } from './mock-integration.ts';
import { routeRequest } from './route-request.ts';
import type { RoutedRequest } from './routed-request.ts';
import { stageArn } from '../stage-arn.ts';
import { createThrottle } from './throttle.ts';
import type { TokenVerifier } from '../authorizers/token-verifier.ts';
import type { WebAcls } from './web-acls.ts';

export interface ExecuteApiInput {
  readonly place: Place;
  readonly store: ApiStore;
  readonly lambda: FunctionInvoker;
  readonly iam: Iam;
  readonly limits: ApiGatewayLimits;
  readonly emit: EmitEvent;
  /** Takes the access logs of stages that have one. */
  readonly putLogEvent?: PutLogEvent;
  readonly authenticate?: Authenticate;
  /** Checks tokens of COGNITO_USER_POOLS methods; without it none is good. */
  readonly verifyToken?: TokenVerifier;
  readonly waf?: WebAcls;
}

/** The front door: what answers under `https://{api}.execute-api.{region}.amazonaws.com/{stage}`. */
export interface ExecuteApi {
  /** Resolves when the client has its answer or has gone. */
  handle(
    request: EndpointRequest,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void>;
  /** Cuts what is still running. */
  close(): void;
}

export function createExecuteApi(input: ExecuteApiInput): ExecuteApi {
  const routing = {
    ...input,
    throttle: createThrottle(input.limits),
    cache: createAuthorizerCache(),
  };
  const open = new Set<Exchange>();
  return {
    async handle(request, incoming, response) {
      let routed: RoutedRequest | undefined;
      const exchange = openExchange(request, incoming, response, (event) => {
        writeAccessLog(exchange, event, { routed, domain: request.domain, ...input });
        input.emit(event);
      });
      open.add(exchange);
      const work = async (): Promise<void> => {
        routed = await routeRequest(request, exchange, routing);
        await answer(routed, input);
      };
      try {
        await Promise.race([work(), exchange.closed]);
      } catch (error) {
        const known = error instanceof GatewayError;
        exchange.fail(known ? error : internalServerError(500));
        if (!known) throw error;
      } finally {
        open.delete(exchange);
      }
      await exchange.closed;
    },
    close() {
      for (const exchange of open) exchange.cut();
    },
  };
}

async function answer(routed: RoutedRequest, input: ExecuteApiInput): Promise<void> {
  const { integration } = routed.method;
  if (integration?.type === 'MOCK') await mockIntegration(routed, integration);
  else if (integration) await lambdaIntegration(routed, integration, input);
  else throw internalServerError(500, 'API_CONFIGURATION_ERROR');
}

/** One line for each request to a stage that has an access log, whatever became of it. */
function writeAccessLog(
  exchange: Exchange,
  event: EndpointRequestEvent,
  {
    routed,
    domain,
    store,
    place,
    putLogEvent,
    waf,
  }: ExecuteApiInput & {
    readonly routed: RoutedRequest | undefined;
    readonly domain: EndpointRequest['domain'] | undefined;
  },
): void {
  const { apiId, stage } = event;
  const log = store.restApis.get(apiId)?.stages.get(stage)?.accessLog;
  if (!log || !putLogEvent) return;
  const webaclArn = waf?.webAclOf(stageArn(place, apiId, stage));
  const facts = { accountId: place.accountId, domain, webaclArn };
  const values = accessLogValues(exchange, event, routed, facts);
  // AWS names streams by a hash; one is enough here.
  putLogEvent(groupNameOf(log.destinationArn), apiId, renderAccessLog(log.format, values));
}
