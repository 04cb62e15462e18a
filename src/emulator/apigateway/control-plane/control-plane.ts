import type { AwsRequest } from '../../kernel/service.ts';
import type { RestCall, RestRoutes } from '../../protocols/rest-json.ts';
import { badRequest, notFound } from '../errors.ts';
import { type RouteInput, stageArn } from '../front-door/route.ts';
import type { Throttle } from '../front-door/throttle.ts';
import { PAGE_SIZE } from '../limits.ts';
import type { RestApi } from '../records/rest-api.ts';
import type { Stage } from '../records/stage.ts';
import { type ApiStore, find } from '../store.ts';
import * as json from './representation.ts';

/** The reads of the API Gateway control plane, and UpdateAccount; CloudFormation makes all other changes. */
export function controlPlaneRoutes(
  store: ApiStore,
  { limits, place, waf, usage }: Pick<RouteInput, 'limits' | 'place' | 'waf'> & { readonly usage: Throttle['usage'] },
): RestRoutes {
  const api = ({ label }: RestCall) => find.restApi(store, label('api'));
  const resource = (call: RestCall) => find.resource(api(call), call.label('resource'));
  const method = (call: RestCall) => find.method(resource(call), call.label('method'));
  const domain = ({ label }: RestCall) => find.domainName(store, label('domain'));
  const plan = ({ label }: RestCall) => find.usagePlan(store, label('plan'));
  const stageOf = ({ id }: RestApi, stage: Stage) => json.stage(stage, waf.webAclOf(stageArn(place, id, stage.stageName)));
  const account = () => ({
    cloudwatchRoleArn: store.cloudWatchRoleArn,
    throttleSettings: { rateLimit: limits.accountRateLimit, burstLimit: limits.accountBurstLimit },
    features: ['UsagePlans'],
    apiKeyVersion: '4',
  });
  return {
    'GET /account': account,
    'PATCH /account': ({ request }) => {
      store.cloudWatchRoleArn = patchedRole(request.body, store.cloudWatchRoleArn);
      return account();
    },
    'GET /restapis': (call) => page([...store.restApis.values()].map(json.restApi), call),
    'GET /restapis/{api}': (call) => json.restApi(api(call)),
    'GET /restapis/{api}/stages': (call) => {
      const deploymentId = call.request.query.get('deploymentId');
      const stages = [...api(call).stages.values()];
      const chosen = stages.filter((stage) => deploymentId === null || stage.deploymentId === deploymentId);
      return { item: chosen.map((stage) => stageOf(api(call), stage)) };
    },
    'GET /restapis/{api}/stages/{stage}': (call) => stageOf(api(call), find.stage(api(call), call.label('stage'))),
    'GET /restapis/{api}/authorizers': (call) => page([...api(call).authorizers.values()].map(json.authorizer), call),
    'GET /restapis/{api}/authorizers/{authorizer}': (call) =>
      json.authorizer(find.authorizer(api(call), call.label('authorizer'))),
    'GET /domainnames': (call) => page([...store.domainNames.values()].map(json.domainName), call),
    'GET /domainnames/{domain}': (call) => json.domainName(domain(call)),
    'GET /domainnames/{domain}/basepathmappings': (call) => {
      const { name } = domain(call);
      const mappings = [...store.basePathMappings.values()].filter(({ domainName }) => domainName === name);
      return page(mappings.map(json.basePathMapping), call);
    },
    'GET /domainnames/{domain}/basepathmappings/{path}': ({ label }) =>
      json.basePathMapping(find.basePathMapping(store, `${label('domain')}|${label('path')}`)),
    'GET /restapis/{api}/resources': (call) => {
      const embeds = embedsMethods(call.request);
      return page(
        [...api(call).resources.values()].map((each) => json.resource(each, embeds)),
        call,
      );
    },
    'GET /restapis/{api}/resources/{resource}': (call) => json.resource(resource(call), embedsMethods(call.request)),
    'GET /restapis/{api}/resources/{resource}/methods/{method}': (call) => json.method(method(call)),
    'GET /restapis/{api}/resources/{resource}/methods/{method}/integration': (call) => {
      const { integration } = method(call);
      if (!integration) throw notFound('No integration defined for method');
      return json.integration(integration);
    },
    'GET /restapis/{api}/deployments': (call) => page([...api(call).deployments.values()].map(json.deployment), call),
    'GET /restapis/{api}/deployments/{deployment}': (call) =>
      json.deployment(find.deployment(api(call), call.label('deployment'))),
    'GET /restapis/{api}/gatewayresponses': (call) => page(json.gatewayResponses(api(call)), call),
    'GET /apikeys': (call) => {
      const { query } = call.request;
      const keys = [...store.apiKeys.values()].filter(({ name }) => name.startsWith(query.get('name') ?? ''));
      const includeValues = query.get('includeValues') === 'true';
      const items = keys.map((key) => json.apiKey(key, includeValues));
      return page(items, call);
    },
    'GET /apikeys/{key}': ({ request, label }) =>
      json.apiKey(find.apiKey(store, label('key')), request.query.get('includeValue') === 'true'),
    'GET /usageplans': (call) => {
      const keyId = call.request.query.get('keyId');
      const plans = [...store.usagePlans.values()].filter(({ keyIds }) => keyId === null || keyIds.has(keyId));
      return page(plans.map(json.usagePlan), call);
    },
    'GET /usageplans/{plan}': (call) => json.usagePlan(plan(call)),
    'GET /usageplans/{plan}/usage': (call) => {
      const { query } = call.request;
      const [startDate, endDate] = [query.get('startDate') ?? '', query.get('endDate') ?? ''];
      const dates = daysBetween(startDate, endDate);
      const keyId = query.get('keyId');
      const keys = [...plan(call).keyIds].filter((id) => keyId === null || id === keyId);
      const { item, position } = page(
        keys.map((id) => [find.apiKey(store, id).value, usage(plan(call), id, dates)] as const),
        call,
      );
      // The API model names the keys by their values.
      const values = Object.fromEntries(item.filter(([, days]) => days.length > 0));
      return { usagePlanId: call.label('plan'), startDate, endDate, values, position };
    },
    'GET /usageplans/{plan}/keys': (call) => {
      const prefix = call.request.query.get('name') ?? '';
      const keys = [...plan(call).keyIds].map((keyId) => find.apiKey(store, keyId));
      const chosen = keys.filter(({ name }) => name.startsWith(prefix));
      const items = chosen.map(({ id, name, value }) => ({ id, type: 'API_KEY', name, value }));
      return page(items, call);
    },
  };
}

/** The role for logs after UpdateAccount, the only setting that it may replace or remove here (API reference, "UpdateAccount"). */
function patchedRole(body: Buffer, before: string | undefined): string | undefined {
  const { patchOperations = [] } = JSON.parse(body.toString('utf8') || '{}') as {
    readonly patchOperations?: readonly { op?: string; path?: string; value?: string }[];
  };
  let role = before;
  for (const { op, path, value } of patchOperations) {
    if (path !== '/cloudwatchRoleArn' || (op !== 'replace' && op !== 'remove')) throw badRequest(`Invalid patch path ${path}`);
    role = op === 'replace' && value ? value : undefined;
  }
  return role;
}

const DAY_MS = 86_400_000;
/** "The usage date range can't exceed 90 days" (AWS knowledge center, api-gateway-usage-key). */
const MAX_USAGE_DAYS = 90;

/** The starts of the days from one date to another, both included, epoch ms. @throws {AwsError} BadRequestException */
function daysBetween(startDate: string, endDate: string): number[] {
  const [from, to] = [startDate, endDate].map((date) => (/^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : NaN));
  const days = ((to ?? NaN) - (from ?? NaN)) / DAY_MS + 1;
  if (!(days >= 1 && days <= MAX_USAGE_DAYS)) throw badRequest('Invalid usage date range specified');
  return Array.from({ length: days }, (_, index) => (from ?? 0) + index * DAY_MS);
}

function embedsMethods({ query }: AwsRequest): boolean {
  return query.getAll('embed').includes('methods');
}

/** One page of a list: `item` is the member's name on the wire, `position` is where the next page begins. */
function page<T extends object>(items: readonly T[], { request: { query } }: RestCall) {
  const limit = Number(query.get('limit') ?? PAGE_SIZE.default);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_SIZE.max) throw badRequest(`Invalid limit: ${query.get('limit')}`);
  const from = Number(Buffer.from(query.get('position') ?? '', 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0) throw badRequest('Invalid position parameter');
  const to = from + limit;
  const position = to < items.length ? Buffer.from(String(to)).toString('base64url') : undefined;
  return { item: items.slice(from, to), position };
}
