import type { IncomingMessage } from 'node:http';
import type { TokenVerifier } from '../../cognito/service.ts';
import type { Iam } from '../../iam/service.ts';
import type { EmitEvent } from '../../kernel/emulator-event.ts';
import type { FunctionInvoker } from '../../lambda/invoke-function.ts';
import type { AuthorizerCache } from '../authorizers/authorizer-output.ts';
import type { ApiGatewayLimits, EndpointType } from '../limits.ts';
import type { Throttle } from './throttle.ts';
import type { ApiResource, Deployment } from '../records/rest-api.ts';
import type { Method } from '../records/method.ts';
import type { Stage } from '../records/stage.ts';
import type { ApiKey } from '../records/usage-plan.ts';
import type { ApiStore } from '../store.ts';
import type { Caller, EndpointRequest, Exchange } from './exchange.ts';
import type { Fault } from '../../faults/fault.ts';
import { arn, type Place } from '../../kernel/place.ts';
import type { Authorization } from '../../kernel/sigv4.ts';
import type { WafService } from '../../wafv2/service.ts';

/** ARN of a stage, as AWS WAF names it (WAF API reference, AssociateWebACL): without an account. */
export function stageArn(place: Place, apiId: string, stage: string): string {
  return arn({ ...place, accountId: '' }, 'apigateway', `/restapis/${apiId}/stages/${stage}`);
}

/** The services, limits and state that requests are routed and authorized with. */
export interface RouteInput {
  readonly place: Place;
  readonly store: ApiStore;
  readonly iam: Iam;
  readonly lambda: FunctionInvoker;
  readonly limits: ApiGatewayLimits;
  readonly emit: EmitEvent;
  readonly throttle: Throttle;
  readonly cache: AuthorizerCache;
  readonly waf: Pick<WafService, 'webAclOf' | 'inspect'>;
  /** Verifies a SigV4 signature. @throws {AwsError} */
  readonly authenticate: (incoming: IncomingMessage, body: Buffer) => Authorization;
  readonly verifyToken: TokenVerifier;
}

/** The deployed method that a path leads to. */
interface Route {
  readonly resource: ApiResource;
  readonly method: Method;
  /** Decoded values of `{name}` and `{name+}`. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** A request that has been authorized and read, ready for the integration of its method. */
export interface AuthorizedRequest extends Route {
  readonly exchange: Exchange;
  readonly place: Place;
  readonly apiId: string;
  readonly endpointType: EndpointType;
  readonly stage: Stage;
  readonly deployment: Deployment;
  /** After `X-HTTP-Method-Override`. */
  readonly httpMethod: string;
  /** The ARN that policies name, with the path as it is called: `arn:...:execute-api:...:{api}/{stage}/{METHOD}/{path}`. */
  readonly methodArn: string;
  /** Raw path below the stage. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly domain?: EndpointRequest['domain'];
  readonly apiKey: ApiKey | undefined;
  readonly caller: Caller;
  /** The faults that the request itself asks for. */
  readonly faults?: readonly Fault[];
}

/** A request whose method has been found and whose caller has not been authorized. */
export type RoutedRequest = Omit<AuthorizedRequest, 'caller' | 'apiKey'>;

/** A literal part comes before `{parameter}`, that before `{parameter+}`, a named method before ANY; a trailing slash is ignored. */
export function matchRoute(resources: readonly ApiResource[], path: string, httpMethod: string): Route | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const root = resources.find((resource) => resource.parentId === undefined);
  const found = root && descend(resources, root, parts, {});
  const method = found?.resource.methods.get(httpMethod) ?? found?.resource.methods.get('ANY');
  return found && method && { ...found, method };
}

function descend(
  resources: readonly ApiResource[],
  parent: ApiResource,
  parts: readonly string[],
  pathParameters: Readonly<Record<string, string>>,
): Omit<Route, 'method'> | undefined {
  const [part, ...rest] = parts;
  if (part === undefined) return { resource: parent, pathParameters };
  const children = resources.filter((resource) => resource.parentId === parent.id);
  const literal = children.find((child) => child.pathPart === part);
  const below = literal && descend(resources, literal, rest, pathParameters);
  if (below) return below;
  for (const child of children) {
    const name = /^\{([^+}]+)\}$/.exec(child.pathPart ?? '')?.[1];
    const value = { ...pathParameters, [name ?? '']: decode(part) };
    const match = name === undefined ? undefined : descend(resources, child, rest, value);
    if (match) return match;
  }
  for (const child of children) {
    const name = /^\{([^+}]+)\+\}$/.exec(child.pathPart ?? '')?.[1];
    if (name === undefined) continue;
    return { resource: child, pathParameters: { ...pathParameters, [name]: decode(parts.join('/')) } };
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
