import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApiDocument } from '../../src/openapi/document.ts';
import { NUDGE, STATUS_OF_CODE } from '../../src/protocol.ts';
import { AUTH_MODES } from '../../src/stack/settings/authorization.ts';
import { type ActingAgent, createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { json, send } from '../helpers/post.ts';
import { type CliResult, runCli } from '../helpers/run-cli.ts';

interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly examples: Record<string, { value: unknown }> }>>;
  };
  readonly responses: Readonly<Record<string, { readonly content: Record<string, { schema: object }> }>>;
}

const parse = ({ stdout }: CliResult): Document => JSON.parse(stdout) as Document;
const forUrl = async (...args: string[]): Promise<Document> =>
  parse(await runCli(['openapi', '--url', 'https://api.example.com/agent/', ...args]));

/** Whether a value is what a place of the document says, with the references of the document. */
function matches(document: Document, schema: object, value: unknown): true | string {
  const ajv = new Ajv2020({ strict: false });
  const check = ajv.compile({ ...schema, components: document.components });
  return check(value) ? true : ajv.errorsText(check.errors);
}

const schemaOf = (document: Document, name: string): object => ({ ...document.components.schemas[name] });

describe.each(AUTH_MODES)('--auth %s', (mode) => {
  test('is a valid document that asks no stack', async () => {
    const document = await forUrl('--auth', mode);
    expect(document).toMatchObject({ openapi: '3.1.1', servers: [{ url: 'https://api.example.com/agent' }] });
    const validator = new Validator();
    expect(await validator.validate(document as never)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('has its own security scheme', async () => {
    const { security, components } = await forUrl('--auth', mode);
    const expected = {
      'api-key': { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
      iam: {
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          'x-amazon-apigateway-authtype': 'awsSigv4',
          description: expect.any(String) as string,
        },
      },
      cognito: {
        userPool: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: expect.stringContaining('id token') as string,
        },
      },
      lambda: { authorizer: { type: 'http', scheme: 'bearer' } },
      none: {},
    }[mode];
    expect(components.securitySchemes).toEqual(expected);
    expect(security).toEqual(Object.keys(expected).map((name) => ({ [name]: [] })));
  });

  test('a missing token has a status of its own only where there are tokens', async () => {
    const { paths } = await forUrl('--auth', mode);
    const probe = Object.keys(paths['/probe']?.['post']?.responses ?? {});
    expect(probe.includes('401')).toBe(mode === 'cognito' || mode === 'lambda');
  });
});

test('a validator that says yes to everything would be none', async () => {
  const document = await forUrl();
  const broken = { ...document, paths: { '/invoke': { post: { responses: 7 } } } };
  expect((await new Validator().validate(broken as never)).valid).toBe(false);
});

test('tells scopes, and a header other than Authorization', () => {
  const facts = {
    url: 'https://x.example',
    title: 't',
    version: '1',
    scopes: ['agent/use', 'agent/all'],
    tokenHeader: 'X-Token',
    idleLimitMs: 30_000,
  };
  expect(JSON.stringify(openApiDocument({ ...facts, authMode: 'cognito' }))).toContain('one of the scopes agent/use, agent/all');
  expect(openApiDocument({ ...facts, authMode: 'lambda' })).toMatchObject({
    components: { securitySchemes: { authorizer: { type: 'apiKey', name: 'X-Token' } } },
    info: { description: expect.stringContaining('silent for 30 s') as string },
  });
});

test('every code of the function stands at its status', async () => {
  const { paths } = await forUrl();
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  for (const [code, status] of Object.entries(STATUS_OF_CODE)) {
    if (code === 'NOT_FOUND') continue;
    const places = operations.map(({ responses }) => JSON.stringify(responses[status] ?? ''));
    expect(
      places.some((text) => text.includes(`"${code}"`)),
      code,
    ).toBe(true);
  }
});

test('a probe may ask for every flush mode, and no other', async () => {
  const document = await forUrl();
  const takes = (flush: unknown) => matches(document, schemaOf(document, 'ProbeRequest'), { flush }) === true;
  expect(['auto', 'off', 'pause', 1, 129_999].map(takes)).toEqual([true, true, true, true, true]);
  expect(['on', 0, 130_000].map(takes)).toEqual([false, false, false]);
});

test.each([
  [['--auth', 'iam'], 'AUTH_NEEDS_URL', '--auth belongs to --url'],
  [['--url', 'ftp://x'], 'INVALID_URL', 'not an http(s) URL'],
])('%j is refused', async (args, _code, message) => {
  const result = await runCli(['openapi', ...args]);
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain(message);
});

describe('of a stack', () => {
  let agent: ActingAgent;
  let chain: Chain;
  let document: Document;
  const openapi = (...args: string[]): Promise<CliResult> =>
    runCli(['openapi', '--stack-name', 'chain', ...args], { env: chain.env });

  beforeAll(async () => {
    agent = createActingAgent();
    chain = await startChain(agent, { parameters: { FlushMode: 'auto' } });
    document = parse(await openapi());
  });
  afterAll(() => chain?.close());

  /** Whether an answer is what the document says of its status. */
  const fits = async (
    path: '/invoke' | '/probe',
    method: 'post' | 'delete',
    body?: unknown,
    headers?: Record<string, string>,
    query = '',
  ): Promise<number> => {
    const url = `${document.servers[0]?.url}${path}${query}`;
    const answer = await send(method.toUpperCase() as 'POST', url, body, headers);
    const described = document.paths[path]?.[method]?.responses[answer.status];
    const type = String(answer.headers['content-type']);
    const { schema } = described?.content[type] ?? {};
    expect(schema, `${answer.status} ${type}`).toBeDefined();
    const value = type === 'application/json' ? json(answer) : answer.text;
    expect(matches(document, schema ?? {}, value)).toBe(true);
    return answer.status;
  };

  test('its server is the one that answers', () => {
    expect(document.servers).toEqual([{ url: chain.url }]);
    expect(document.security).toEqual([]);
  });

  test('the examples are what the schemas say, and what the endpoint takes', async () => {
    for (const [path, schema] of [
      ['/invoke', 'InvokeRequest'],
      ['/probe', 'ProbeRequest'],
    ] as const) {
      const { content } = document.paths[path]?.['post']?.requestBody ?? { content: {} };
      for (const { value } of Object.values(content['application/json']?.examples ?? {})) {
        expect(matches(document, schemaOf(document, schema), value)).toBe(true);
        expect(await fits(path, 'post', value)).toBe(200);
      }
    }
  });

  test('what is refused is refused by the schema, too', async () => {
    for (const body of [
      {},
      { prompt: ' ' },
      { prompt: 'hi', session_id: 'short' },
      { prompt: 'hi', qualifier: 'a/b' },
      { prompt: 'hi', accept: '' },
    ]) {
      expect(matches(document, schemaOf(document, 'InvokeRequest'), body)).not.toBe(true);
      expect(await fits('/invoke', 'post', body)).toBe(400);
    }
    for (const body of [{ count: 0 }, { interval_ms: 600_001 }, { flush: 'loud' }]) {
      expect(matches(document, schemaOf(document, 'ProbeRequest'), body)).not.toBe(true);
      expect(await fits('/probe', 'post', body)).toBe(400);
    }
  });

  test('failures are what the document says of their status', async () => {
    agent.on('fails', { status: 500, acts: [] });
    expect(await fits('/invoke', 'post', { prompt: 'fails' })).toBe(424);
    expect(await fits('/invoke', 'post', { prompt: 'x', qualifier: 'nobody' })).toBe(404);
    const session = { 'X-Session-Id': 'session-0123456789-0123456789-0123456789' };
    expect(await fits('/invoke', 'delete', undefined, session)).toBe(404);
    expect(await fits('/invoke', 'delete')).toBe(400);
    const { parameters = [] } = document.paths['/invoke']?.['delete'] ?? {};
    const { schema = {} } = parameters.find((one) => one.in === 'query') ?? {};
    for (const [qualifier, status] of [
      ['prod', 404],
      ['a-b', 400],
    ] as const) {
      expect(matches(document, schema, qualifier) === true).toBe(status === 404);
      const query = `?qualifier=${qualifier}`;
      expect(await fits('/invoke', 'delete', undefined, session, query)).toBe(status);
    }
  });

  test('a JSON answer of the agent, and a session that is stopped', async () => {
    const id = 'stop-0123456789-0123456789-0123456789';
    agent.on('json', { contentType: 'application/json', acts: [{ write: '{"a":[1]}' }] });
    expect(await fits('/invoke', 'post', { prompt: 'json', session_id: id })).toBe(200);
    expect(await fits('/invoke', 'delete', undefined, { 'X-Session-Id': id })).toBe(200);
  });

  test('an error event and the events of a probe are what it says', async () => {
    agent.on('dies', { acts: [{ write: 'data: 1\n\n' }, { die: true }] });
    const { text } = await send('POST', `${chain.url}/invoke`, { prompt: 'dies' });
    const error: unknown = JSON.parse(/event: error\ndata: (.*)\n/.exec(text)?.[1] ?? '');
    expect(matches(document, schemaOf(document, 'Error'), error)).toBe(true);

    const probe = await send('POST', `${chain.url}/probe`, { count: 2, size_bytes: 3 });
    const events = probe.text.replaceAll(NUDGE, '').split('\n\n').slice(0, -1);
    expect(events).toHaveLength(2);
    for (const event of events) {
      const value: unknown = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '');
      expect(matches(document, schemaOf(document, 'ProbeEvent'), value)).toBe(true);
    }
  });

  test('what the gateway says itself has a schema of its own', async () => {
    const { text } = await send('POST', `${chain.url}/nothing`, {});
    const body: unknown = JSON.parse(text);
    expect(matches(document, schemaOf(document, 'GatewayError'), body)).toBe(true);
    expect(matches(document, schemaOf(document, 'Error'), body)).not.toBe(true);
  });

  test('--output writes a file, --json a line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentstream-openapi-'));
    try {
      const path = join(folder, 'openapi.json');
      const result = await openapi('--output', path);
      expect(result).toMatchObject({ exitCode: 0, stdout: '', stderr: `written: ${path}\n` });
      expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(document);
      const line: unknown = JSON.parse((await openapi('--json')).stdout);
      expect(line).toMatchObject({ type: 'result', ok: true, document });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
