import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ unknownKeys: 'refuse' });
});
afterAll(() => emulator.close());

/** As a program other than an SDK sends it: any Host, any headers. */
async function ask(path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const request = http.request({ host: '127.0.0.1', port: emulator.port, path, method: 'POST', headers });
  request.end('Action=ListStacks&Version=2010-05-15');
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}

const SIGNED = {
  authorization: `AWS4-HMAC-SHA256 Credential=emulator/20260101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
  'content-type': 'application/x-www-form-urlencoded',
};

describe('names by which the emulator is called', () => {
  test.each(['evil.example', 'evil.example:4747', '192.0.2.7', 'localhost.evil.example', '127.0.0.1.evil.example', '0.0.0.0'])(
    '%s is somebody else: 421, for every path',
    async (host) => {
      for (const path of ['/', '/_aws/emulator', '/_aws/execute-api/abc/prod/invoke', '/_aws/domain/x.example/']) {
        expect(await ask(path, { ...SIGNED, host })).toEqual({
          status: 421,
          body: expect.stringContaining('nothing here is named') as string,
        });
      }
    },
  );

  test.each(['127.0.0.1', 'LOCALHOST:4747', 'aws.localhost', 'a.b.localhost.', '[::1]:4747', '127.8.8.8'])(
    '%s is this machine',
    async (host) => {
      expect((await ask('/', { ...SIGNED, host })).status).toBe(403);
      expect((await ask('/_aws/emulator', { host })).status).toBe(200);
    },
  );

  test('the name of an API is answered as that API only', async () => {
    const { status, body } = await ask('/', { ...SIGNED, host: 'abc.execute-api.evil.example' });
    expect([status, body]).toEqual([403, '{"message":"Forbidden"}']);
  });
});

test.each([
  ['origin', 'http://evil.example'],
  ['origin', 'null'],
  ['sec-fetch-site', 'same-origin'],
  ['sec-fetch-site', 'none'],
])('an AWS API call with %s: %s comes from a page and is refused', async (name, value) => {
  const { status, body } = await ask('/', { ...SIGNED, [name]: value });
  expect(status).toBe(403);
  expect(body).toContain('takes no AWS API calls from web pages');
});

describe('access keys', () => {
  const configOf = (accessKeyId: string, secretAccessKey: string) => ({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  });

  test('an unknown one is refused by the code of each protocol', async () => {
    const config = configOf('AKIAIOSFODNN7EXAMPLE', 'x');
    const message = 'The security token included in the request is invalid.';
    const cloudFormation = new CloudFormationClient(config).send(new ListStacksCommand({}));
    await expect(cloudFormation).rejects.toMatchObject({ name: 'InvalidClientTokenId', message });
    const lambda = new LambdaClient(config).send(new ListFunctionsCommand({}));
    await expect(lambda).rejects.toMatchObject({ name: 'UnrecognizedClientException', message });
  });

  test("the owner's is taken with its secret alone", async () => {
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    await new CloudFormationClient(configOf(accessKeyId, secretAccessKey)).send(new ListStacksCommand({}));
    const wrong = new CloudFormationClient(configOf(accessKeyId, 'x')).send(new ListStacksCommand({}));
    await expect(wrong).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });

  test('by default, as a library, the emulator takes any', async () => {
    const other = await startEmulator();
    const client = new CloudFormationClient({ ...configOf('any', 'any'), endpoint: other.url });
    await client.send(new ListStacksCommand({}));
    client.destroy();
    await other.close();
  });
});

describe('bodies', () => {
  /** Announces a body, and sends none of it before the answer. */
  async function announce(accessKeyId: string, bytes: number): Promise<number | undefined> {
    const authorization = SIGNED.authorization.replace('emulator', accessKeyId);
    const headers = { ...SIGNED, authorization, 'content-length': String(bytes) };
    const request = http.request({ host: '127.0.0.1', port: emulator.port, method: 'POST', headers });
    request.flushHeaders();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    request.on('error', () => undefined).destroy();
    return response.statusCode;
  }

  test('a caller who is not let in is answered before the body comes', async () => {
    expect(await announce('AKIAIOSFODNN7EXAMPLE', 400_000_000)).toBe(403);
  });

  test('so is a body above any payload of AWS', async () => {
    expect(await announce('emulator', 400_000_000)).toBe(413);
  });
});
