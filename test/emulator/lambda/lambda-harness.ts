import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { AwsError } from '../../../src/emulator/kernel/aws-error.ts';
import { createFaultInjector, type FaultInjector } from '../../../src/emulator/faults/fault-injector.ts';
import { createIam, type Iam } from '../../../src/emulator/iam/service.ts';
import type { PolicyDocument } from '../../../src/emulator/iam/policy.ts';
import type { InvocationCompletion } from '../../../src/emulator/lambda/invocation.ts';
import type { FunctionResponse } from '../../../src/emulator/lambda/invoke-function.ts';
import { createLambda, type LambdaService } from '../../../src/emulator/lambda/service.ts';
import { LAMBDA_LIMITS, type LambdaLimits } from '../../../src/emulator/lambda/limits.ts';
import { LOGS_LIMITS } from '../../../src/emulator/logs/limits.ts';
import { createLogWriter } from '../../../src/emulator/logs/store.ts';
import type { LogGroups } from '../../../src/emulator/logs/store.ts';
import { sendRestJsonError } from '../../../src/emulator/protocols/rest-json.ts';
import type { Json } from '../../../src/emulator/kernel/resource-provider.ts';
import { handlersOf } from '../resource-handlers.ts';

const PLACE = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };
export const CONTEXT = {
  ...PLACE,
  stackName: 'stack',
  stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/stack/1',
  logicalId: 'Function',
};
export const ROLE_ARN = 'arn:aws:iam::123456789012:role/function-role';
export const ENDPOINT_URL = 'http://127.0.0.1:4599';

export interface Answer {
  readonly contentType: string;
  /** As the function wrote them. */
  readonly chunks: readonly string[];
  readonly completion: InvocationCompletion;
}

export interface LambdaHarness extends AsyncDisposable {
  readonly service: LambdaService;
  readonly endpoint: string;
  readonly client: LambdaClient;
  readonly iam: Iam;
  readonly logGroups: LogGroups;
  /** Lines of the functions' output so far, as `function stream: line`. */
  readonly log: readonly string[];
  /** Resolves with the first line, past or future, that contains the text. */
  logged(text: string): Promise<string>;
  /** Creates a function from the text of index.js; the result is its name. */
  deploy(code: string, properties?: Record<string, Json>): Promise<string>;
  update(name: string, code: string, properties?: Record<string, Json>): Promise<void>;
  invoke(name: string, event?: unknown): Promise<FunctionResponse>;
  /** Invokes and reads to the end. */
  run(name: string, event?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** A Lambda service behind a real port, with one role for its functions. */
export async function startLambda(
  limits: Partial<LambdaLimits> = {},
  rolePolicies: readonly PolicyDocument[] = [],
  {
    faults = createFaultInjector({ faults: [], seed: 1, emit: () => undefined }),
    seed = 1,
  }: { faults?: FaultInjector; seed?: number } = {},
): Promise<LambdaHarness> {
  const iam = createIam(PLACE);
  iam.putRole({
    name: 'function-role',
    arn: ROLE_ARN,
    trustPolicy: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } } },
    policies: new Map(rolePolicies.map((policy, index) => [String(index), policy])),
  });
  const log: string[] = [];
  const listeners = new Set<() => void>();
  const logGroups: LogGroups = new Map();
  const service = createLambda({
    place: PLACE,
    iam,
    logGroups,
    putLogEvent: createLogWriter(logGroups, LOGS_LIMITS),
    // On a busy machine a function may be slow to ask for more work: no test may start cold by chance.
    limits: { ...LAMBDA_LIMITS, reuseGraceMs: 10_000, ...limits },
    endpointUrl: () => ENDPOINT_URL,
    faults,
    seed,
    emit(event) {
      if (event.type !== 'function-log') return;
      log.push(`${event.functionName} ${event.stream}: ${event.line}`);
      for (const listener of listeners) listener();
    },
  });
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const url = new URL(request.url ?? '/', 'http://localhost');
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      try {
        await service.handle(
          {
            requestId: randomUUID(),
            method: request.method ?? '',
            path: url.pathname,
            query: url.searchParams,
            headers: request.headers,
            body: Buffer.concat(chunks),
            service: 'lambda',
            region: PLACE.region,
            accessKeyId: /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '',
            signal: gone.signal,
          },
          response,
        );
      } catch (error) {
        if (error instanceof AwsError) sendRestJsonError(response, error);
        else response.writeHead(500).end(String(error));
      }
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new LambdaClient({
    region: PLACE.region,
    endpoint,
    credentials: { accessKeyId: 'OWNER', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });

  const handlers = handlersOf(service, 'AWS::Lambda::Function');
  const complete = (code: string, properties: Record<string, Json>) => ({
    Code: { ZipFile: code },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: ROLE_ARN,
    Timeout: 20,
    ...properties,
  });
  const invoke = async (name: string, event: unknown = {}) =>
    await service.invoke({ functionArn: name, payload: Buffer.from(JSON.stringify(event)), mode: 'streaming' });
  const close = async () => {
    client.destroy();
    server.closeAllConnections();
    server.close();
    await service.close();
  };
  return {
    service,
    endpoint,
    client,
    iam,
    logGroups,
    log,
    invoke,
    close,
    [Symbol.asyncDispose]: close,
    async logged(text) {
      for (;;) {
        const line = log.find((each) => each.includes(text));
        if (line !== undefined) return line;
        await new Promise<void>((resolve) => {
          const listener = () => {
            listeners.delete(listener);
            resolve();
          };
          listeners.add(listener);
        });
      }
    },
    async deploy(code, properties = {}) {
      return (await handlers.create(complete(code, properties), CONTEXT)).physicalId;
    },
    async update(name, code, properties = {}) {
      await handlers.update(name, complete(code, properties), {}, CONTEXT);
    },
    async run(name, event) {
      const { payload, contentType, completion } = await invoke(name, event);
      const chunks: string[] = [];
      for await (const chunk of payload) chunks.push(chunk.toString('latin1'));
      return { contentType, chunks, completion: await completion };
    },
  };
}

/** Text of a module whose handler streams: the body gets event, stream and context. */
export function streaming(body: string): string {
  return `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} });`;
}
