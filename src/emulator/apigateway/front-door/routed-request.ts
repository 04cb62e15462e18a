import type { Fault } from '../../faults/fault.ts';
import type { Caller } from '../caller.ts';
import type { EndpointRequest, Exchange } from './exchange.ts';
import type { Route } from './match-route.ts';
import type { Deployment, EndpointType, Stage } from '../rest-api.ts';
import type { ApiKey } from '../usage-plan.ts';

/** A request that may go to its integration: found, authorised and read. */
export interface RoutedRequest extends Route {
  readonly exchange: Exchange;
  readonly apiId: string;
  readonly endpointType: EndpointType;
  readonly stage: Stage;
  readonly deployment: Deployment;
  /** After `X-HTTP-Method-Override`. */
  readonly httpMethod: string;
  /** Raw path below the stage. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly domain?: EndpointRequest['domain'];
  readonly apiKey: ApiKey | undefined;
  readonly caller: Caller;
  /** Those that the request asked for. */
  readonly faults?: readonly Fault[];
}
