import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EndpointRequestEvent } from '../../kernel/emulator-event.ts';
import { groupNameOf, type PutLogEvent } from '../../logs/store.ts';
import { accessLogValues, renderAccessLog } from './access-log.ts';
import { createAuthorizerCache } from '../authorizers/authorizer-output.ts';
import { type EndpointRequest, type Exchange, openExchange } from './exchange.ts';
import { GatewayError, internalServerError } from './gateway-error.ts';
import { lambdaIntegration } from './lambda-integration.ts';
import { mockIntegration } from './mock-integration.ts';
import { routeRequest } from './route-request.ts';
import type { AuthorizedRequest, RouteInput } from './route.ts';
import { stageArn } from './web-acls.ts';
import { createThrottle } from './throttle.ts';

export interface ExecuteApiInput extends Omit<RouteInput, 'cache' | 'throttle'> {
  /** Writes the access logs of stages that have one. */
  readonly putLogEvent?: PutLogEvent;
}

/** The front door: answers requests to `https://{api}.execute-api.{region}.amazonaws.com/{stage}`. */
export function createExecuteApi(input: ExecuteApiInput) {
  const routing = { ...input, throttle: createThrottle(input.limits), cache: createAuthorizerCache() };
  const open = new Set<Exchange>();
  return {
    /** Resolves when the client has its answer or has closed the connection. */
    async handle(request: EndpointRequest, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
      let authorized: AuthorizedRequest | undefined;
      const exchange = openExchange(request, incoming, response, (event) => {
        writeAccessLog(exchange, event, authorized, request.domain, input);
        input.emit(event);
      });
      open.add(exchange);
      const work = async (): Promise<void> => {
        authorized = await routeRequest(request, exchange, routing);
        await runIntegration(authorized, input);
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
    /** Cuts the connections that are still open. */
    close(): void {
      for (const exchange of open) exchange.cut();
    },
  };
}

async function runIntegration(request: AuthorizedRequest, input: ExecuteApiInput): Promise<void> {
  const { integration } = request.method;
  if (integration?.type === 'MOCK') await mockIntegration(request, integration);
  else if (integration) await lambdaIntegration(request, integration, input);
  else throw internalServerError(500, 'API_CONFIGURATION_ERROR');
}

/** Writes one line for each request to a stage that has an access log, refused or answered. */
function writeAccessLog(
  exchange: Exchange,
  event: EndpointRequestEvent,
  authorized: AuthorizedRequest | undefined,
  domain: EndpointRequest['domain'] | undefined,
  { store, place, putLogEvent, waf }: ExecuteApiInput,
): void {
  const { apiId, stage } = event;
  const log = store.restApis.get(apiId)?.stages.get(stage)?.accessLogSettings;
  if (!log || !putLogEvent) return;
  const facts = { accountId: place.accountId, domain, webaclArn: waf?.webAclOf(stageArn(place, apiId, stage)) };
  const values = accessLogValues(exchange, event, authorized, facts);
  // AWS has many log streams, each named by a hash; here one is enough.
  putLogEvent(groupNameOf(log.destinationArn), apiId, renderAccessLog(log.format, values));
}
