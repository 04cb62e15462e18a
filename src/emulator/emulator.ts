import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from './kernel/aws-error.ts';
import { readWhole } from './kernel/client-connection.ts';
import type { AwsRequest, Service } from './kernel/service.ts';
import { SESSION_HEADER } from './agentcore/store.ts';
import { createUserPools, serveJwks } from './cognito/service.ts';
import { isAddressedHere, matchEndpointUrl } from './endpoint-url.ts';
import { createFaultInjector } from './faults/fault-injector.ts';
import { createIam } from './iam/service.ts';
import { createRegion, type Inventory, joinInventories, type Region } from './region.ts';
import { DEFAULT_ACCOUNT_ID, DEFAULT_CREDENTIALS, DEFAULT_SEED, type EmulatorOptions } from './options.ts';
import { partitionOf } from './kernel/place.ts';
import { sendQueryError } from './protocols/query.ts';
import { sendJson, sendRestJsonError } from './protocols/rest-json.ts';
import { removeLeftCode } from './lambda/runtime-process.ts';
import { resolveLimits } from './service-limits.ts';
import { readAuthorization, unknownKey, verifySignature } from './kernel/sigv4.ts';

/** AWS on this machine. */
export type Emulator = Readonly<Awaited<ReturnType<typeof startEmulator>>>;

const HOST = '127.0.0.1';

/** More than the largest payload of any call, AgentCore's 100 MB, whose service refuses what is above it. */
const MAX_CALL_BYTES = 128 * 1024 * 1024;

/**
 * Starts the emulator on a loopback port: CloudFormation, Lambda, API Gateway (with the front door of deployed APIs under
 * `/_aws/execute-api/{api}/{stage}/`) and AgentCore Runtime, for any AWS SDK. `/_aws/emulator` answers with its time scale and the
 * limits of streams.
 * @throws the error of `listen` when the port is not available (EADDRINUSE)
 * @throws {RangeError} when the scale of time is below 1
 */
export async function startEmulator(options: EmulatorOptions = {}) {
  const accountId = options.accountId ?? DEFAULT_ACCOUNT_ID;
  const credentials = options.credentials ?? DEFAULT_CREDENTIALS;
  const emit = options.onEvent ?? (() => undefined);
  const iam = createIam({ partition: 'aws', accountId }, options, emit);
  const limits = resolveLimits(options);
  const { faults: given = [], seed = DEFAULT_SEED } = options;
  const faults = createFaultInjector({ faults: given, seed, emit });
  const regions = new Map<string, Region>();
  const records = new Set<string>();
  const userPools = createUserPools(options.userPools ?? []);
  let url = '';

  const authenticate = (incoming: IncomingMessage, body: Buffer, authorization = readAuthorization(incoming.headers)) => {
    const { method = '', url = '', headers } = incoming;
    const secret = secretOf(authorization);
    if (secret !== undefined) verifySignature({ method, url, headers, body }, authorization, secret);
    return authorization;
  };

  /** @throws {AwsError} UnrecognizedClientException (403) */
  const secretOf = ({ accessKeyId }: { accessKeyId: string }): string | undefined => {
    const secret = accessKeyId === credentials.accessKeyId ? credentials.secretAccessKey : iam.secretOf(accessKeyId);
    if (secret === undefined && options.unknownKeys === 'refuse') throw unknownKey();
    return secret;
  };

  const shared = { iam, options, limits, faults, endpointUrl: () => url, emit, records, userPools, authenticate };
  const regionOf = (name: string): Region => {
    const place = { partition: partitionOf(name), region: name, accountId };
    const region = regions.get(name) ?? createRegion({ ...shared, place });
    regions.set(name, region);
    return region;
  };

  const handleApiCall = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = randomUUID();
    response.setHeader('x-amzn-RequestId', requestId);
    let service: Service | undefined;
    let request: AwsRequest | undefined;
    let errorCode: string | undefined;
    const startedAt = performance.now();
    try {
      // Browsers add one of these to what a page sends (Fetch standard, "Origin" header; Fetch Metadata); no AWS SDK does.
      if (incoming.headers.origin !== undefined || incoming.headers['sec-fetch-site'] !== undefined)
        throw new AwsError('ForbiddenException', 403, 'the emulator takes no AWS API calls from web pages');
      const authorization = readAuthorization(incoming.headers);
      const { service: name, region, accessKeyId } = authorization;
      // Looked up before any check: the service decides the format of an error.
      service = regionOf(region).services.get(name);
      if (!service) throw new AwsError('UnknownService', 501, `the emulator does not support the service ${name}`);
      secretOf(authorization);
      const body = await readWhole(incoming, MAX_CALL_BYTES);
      if (!body) throw new AwsError('RequestEntityTooLargeException', 413, `the emulator takes ${MAX_CALL_BYTES} bytes at most`);
      authenticate(incoming, body, authorization);
      request = toAwsRequest(incoming, response, { body, service: name, region, accessKeyId, requestId });
      const refusal = options.refuseCall?.({ service: name, region, action: actionOf(service, request) });
      if (refusal === 'cut') return void incoming.socket.destroy();
      if (refusal) throw refusal;
      await service.handle(request, response);
    } catch (error) {
      const failure = toAwsError(error);
      errorCode = failure.code;
      if (response.headersSent) response.destroy();
      else if (service ? service.protocol === 'query' : speaksXml(incoming)) sendQueryError(response, failure, requestId);
      else sendRestJsonError(response, failure, incoming.headers['x-amz-target'] !== undefined);
    }
    if (request) {
      const { service: name, region, accessKeyId } = request;
      const sessionId = incoming.headers[SESSION_HEADER.toLowerCase()];
      emit({
        type: 'api-call',
        service: name,
        region,
        action: actionOf(service, request),
        status: response.statusCode,
        caller: iam.identityOf(accessKeyId).arn,
        durationMs: performance.now() - startedAt,
        ...(typeof sessionId === 'string' && { sessionId }),
        ...(errorCode && { errorCode }),
      });
    }
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gateways = [...regions.values()].map(({ apiGateway }) => apiGateway);
    const isDomain = (name: string): boolean => gateways.some((each) => each.hasDomain(name));
    if (!isAddressedHere(incoming, (name) => options.hostNames?.includes(name) || isDomain(name)))
      return sendJson(response, 421, { message: `nothing here is named ${incoming.headers.host}: call ${url}` });
    if (incoming.url === '/_aws/emulator') {
      const { timeScale, idleTimeoutMs, streamDurationMs } = limits.apiGateway;
      return sendJson(response, 200, { timeScale, idleTimeoutMs, streamDurationMs });
    }
    if (await serveJwks(userPools, incoming, response)) return;
    const target = matchEndpointUrl(incoming, isDomain);
    if (!target) return handleApiCall(incoming, response);
    for (const gateway of gateways) {
      const endpoint = target.type === 'api' ? target : gateway.resolveDomain(target.domainName, target.path);
      if (!endpoint || !gateway.hasApi(endpoint.apiId)) continue;
      return gateway.handleEndpointRequest(endpoint, incoming, response);
    }
    // An unknown API id, or a path of a domain without a mapping.
    sendJson(response, 403, { message: 'Forbidden' }, { 'x-amzn-ErrorType': 'ForbiddenException' });
  };

  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (incoming, response) => {
    void handle(incoming, response).catch(() => response.destroy());
  });
  void removeLeftCode();
  server.listen(options.port ?? 0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  url = `http://${HOST}:${port}`;

  return {
    /** Value for AWS_ENDPOINT_URL. */
    url,
    port,
    /** Twelve digits. */
    accountId,
    credentials,
    /** Issues a token of a pool, an access token if the claims have a `scope`; claims win, even a past `exp`. @throws {RangeError} */
    issueToken: userPools.issueToken,
    /** Resources that no service API of the emulator lists, in all Regions. */
    inventory: (): Inventory => ({
      logGroups: [],
      ...joinInventories([...regions.values()].map((region) => region.inventory())),
      roles: iam.roles().map(({ name }) => name),
      recordSets: [...records],
    }),
    /** Ends every function, connection and timer, and closes the port. */
    async close(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      await Promise.all([...regions.values()].map((region) => region.close()));
      server.closeAllConnections();
      await closed;
    },
  };
}

type Facts = Pick<AwsRequest, 'body' | 'service' | 'region' | 'accessKeyId' | 'requestId'>;

function toAwsRequest(incoming: IncomingMessage, response: ServerResponse, facts: Facts): AwsRequest {
  const { method = 'GET', url = '/', headers } = incoming;
  const [path = '/', ...query] = url.split('?');
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return { ...facts, method, path, query: new URLSearchParams(query.join('?')), headers, signal: gone.signal };
}

function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError('InternalFailure', 500, `a bug of the emulator: ${detail}`);
}

/** Whether the client of an unknown service waits for XML: a form is the query protocol's, JSON names its media type. */
function speaksXml({ headers }: IncomingMessage): boolean {
  const type = headers['content-type'] ?? '';
  if (type.includes('x-www-form-urlencoded')) return true;
  return !type.includes('json') && headers['x-amz-target'] === undefined && XML_SERVICES.test(headers.authorization ?? '');
}

/** Signing names of the services that speak REST-XML. */
const XML_SERVICES = /\/(s3|s3-outposts|route53|cloudfront)\/aws4_request/;

function actionOf(service: Service | undefined, request: AwsRequest): string {
  const { body, headers, method, path } = request;
  if (service?.protocol === 'query') return new URLSearchParams(body.toString('utf8')).get('Action') ?? '';
  // AWS JSON: one path for all operations.
  const target = headers['x-amz-target'];
  return typeof target === 'string' ? target.replace(/^.*\./, '') : `${method} ${path}`;
}
