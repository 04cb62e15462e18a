import { execFile } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorize } from '../../../../src/endpoint/authorize.ts';
import type { PolicyDocument } from '../../../../src/emulator/index.ts';
import { httpCall } from '../http-call.ts';
import { type DeployedTemplate, deployTemplate, REGION } from '../template-fixture.ts';

const run = promisify(execFile);
const OWNER = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
const ALLOWED = { accessKeyId: 'AKIAALLOWED', secretAccessKey: 's3cret' };
const OTHERS = { accessKeyId: 'AKIAOTHERS', secretAccessKey: 'elsewhere' };
const BODY = '{"prompt":"hi"}';
const OK = [200, undefined];
const invoke = (Effect: 'Allow' | 'Deny', Resource = '*'): PolicyDocument => ({
  Statement: { Effect, Action: 'execute-api:Invoke', Resource },
});

class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : Buffer.from(data as Uint8Array));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

let deployed: DeployedTemplate;
beforeAll(async () => {
  deployed = await deployTemplate(
    { Method: { Properties: { AuthorizationType: 'AWS_IAM' } } },
    {
      principals: [
        { ...ALLOWED, policy: invoke('Allow', 'arn:aws:execute-api:*:*:*/v1/POST/*') },
        { ...OTHERS, accountId: '999999999999', policy: invoke('Allow') },
        { accessKeyId: 'AKIADENIED', secretAccessKey: 'x', policy: invoke('Deny') },
        { accessKeyId: 'AKIANOTHING', secretAccessKey: 'x', policy: { Statement: [] } },
      ],
    },
  );
});
afterAll(() => deployed.close());

interface Signing {
  readonly service?: string;
  readonly region?: string;
  readonly at?: Date;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** Headers by the AWS SDK's own signer. */
async function sign(
  credentials: { accessKeyId: string; secretAccessKey: string },
  { service = 'execute-api', region = REGION, at = new Date(), method = 'POST', headers: more = {} }: Signing = {},
  url = `${deployed.url}/`,
): Promise<Record<string, string>> {
  const { hostname, port, pathname } = new URL(url);
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const { headers } = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: pathname,
      headers: { host: `${hostname}:${port}`, 'content-type': 'application/json', ...more },
      body: BODY,
    },
    { signingDate: at },
  );
  return headers;
}

async function post(headers: Record<string, string>, body = BODY, method = 'POST') {
  const { status, headers: got, text } = await httpCall(`${deployed.url}/`, { method, headers, body });
  return [status, got['x-amzn-errortype'], await text()];
}

describe('a signature by the AWS SDK’s signer', () => {
  test('is good for the owner and for a principal that may', async () => {
    expect((await post(await sign(OWNER))).slice(0, 2)).toEqual(OK);
    expect((await post(await sign(ALLOWED))).slice(0, 2)).toEqual(OK);
    expect(deployed.events).toContainEqual({
      type: 'authorization',
      caller: 'arn:aws:iam::000000000000:user/AKIAALLOWED',
      action: 'execute-api:Invoke',
      resource: `arn:aws:execute-api:us-east-1:000000000000:${deployed.apiId}/v1/POST/`,
      allowed: true,
    });
  });

  test('is missing', async () => {
    expect(await post({})).toEqual([403, 'MissingAuthenticationTokenException', '{"message":"Missing Authentication Token"}']);
    expect((await post({ authorization: 'Bearer abc' })).slice(0, 2)).toEqual([403, 'IncompleteSignatureException']);
  });

  test('is of another secret, another body, another header, another method', async () => {
    const wrong = [403, 'InvalidSignatureException', expect.stringContaining('does not match')];
    expect(await post(await sign({ ...OWNER, secretAccessKey: 'guess' }))).toEqual(wrong);
    const headers = await sign(OWNER);
    expect(await post(headers, '{"prompt":"hj"}')).toEqual(wrong);
    const hash = createHash('sha256').update('{"prompt":"hj"}').digest('hex');
    expect(await post({ ...headers, 'x-amz-content-sha256': hash }, '{"prompt":"hj"}')).toEqual(wrong);
    const unsigned = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    expect(await post(await sign(OWNER, { headers: unsigned }), '{"prompt":"hj"}')).toEqual(wrong);
    expect(await post({ ...headers, 'content-type': 'text/plain' })).toEqual(wrong);
    expect(await post(headers, BODY, 'PUT')).toEqual(wrong);
  });

  test('is too old, or from the future', async () => {
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000);
    expect((await post(await sign(OWNER, { at: at(-4) }))).slice(0, 2)).toEqual(OK);
    expect(await post(await sign(OWNER, { at: at(-6) }))).toEqual([
      403,
      'InvalidSignatureException',
      expect.stringMatching(/^{"message":"Signature expired: \d{8}T\d{6}Z is now earlier than .+ - 5 min\.\)"}$/),
    ]);
    expect(await post(await sign(OWNER, { at: at(6) }))).toEqual([
      403,
      'InvalidSignatureException',
      expect.stringContaining('Signature not yet current'),
    ]);
  });

  test('is for another service or Region', async () => {
    expect(await post(await sign(OWNER, { service: 'lambda' }))).toEqual([
      403,
      'InvalidSignatureException',
      `{"message":"Credential should be scoped to correct service: 'execute-api'."}`,
    ]);
    expect(await post(await sign(OWNER, { region: 'eu-west-1' }))).toEqual([
      403,
      'InvalidSignatureException',
      `{"message":"Credential should be scoped to a valid region, not 'eu-west-1'."}`,
    ]);
  });

  test.each([
    ['allows another method only', ALLOWED, 'PUT', ''],
    ['allows nothing', { accessKeyId: 'AKIANOTHING', secretAccessKey: 'x' }, 'POST', ''],
    ['denies it', { accessKeyId: 'AKIADENIED', secretAccessKey: 'x' }, 'POST', ' with an explicit deny'],
    ['is of another account, which the API does not know', OTHERS, 'POST', ''],
  ])('is of a caller whose policy %s', async (_, keys, method, suffix) => {
    const account = keys === OTHERS ? '999999999999' : '000000000000';
    const Message = `User: arn:aws:iam::${account}:user/${keys.accessKeyId} is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:${deployed.apiId}/v1/${method}/${suffix}`;
    expect(await post(await sign(keys, { method }), BODY, method)).toEqual([
      403,
      'AccessDeniedException',
      JSON.stringify({ Message }),
    ]);
  });
});

test('curl --aws-sigv4 is accepted, and with another secret it is not', async ({ skip }) => {
  const help = await run('curl', ['--help', 'all']).catch(() => ({ stdout: '' }));
  if (!help.stdout.includes('--aws-sigv4')) skip('curl knows no --aws-sigv4 here');
  const curl = async (user: string) => {
    const quietly = ['-s', '-o', '/dev/null', '-w', '%{http_code}'];
    const signed = ['--aws-sigv4', `aws:amz:${REGION}:execute-api`, '--user', user];
    const json = ['-H', 'Content-Type: application/json', '-d', BODY];
    const { stdout } = await run('curl', [...quietly, ...signed, ...json, `${deployed.url}/`]);
    return stdout;
  };
  expect(await curl('emulator:emulator')).toBe('200');
  expect(await curl('emulator:wrong')).toBe('403');
});

test('this project’s own client is accepted, and its tampered body is not', async () => {
  const headers = { 'content-type': 'application/json' };
  const auth = { type: 'iam', region: REGION, credentials: async () => OWNER } as const;
  const call = { method: 'POST', path: '/', headers, body: BODY } as const;
  const signed = await authorize(auth, new URL(deployed.url), call);
  expect((await post(signed.headers)).slice(0, 2)).toEqual(OK);
  expect((await post(signed.headers, '{"prompt":"hj"}'))[1]).toBe('InvalidSignatureException');
});
