import aws4 from 'aws4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSigner } from '../../lambda/sign-call.ts';

const NOW = new Date('2026-11-23T03:04:05.678Z');
const ENV = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'a secret/key+with=signs',
  AWS_SESSION_TOKEN: 'a/token==',
};
const ARN = 'arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/my_agent-AbCdEfGhIj';
const CALL = {
  method: 'POST',
  path: `/runtimes/${encodeURIComponent(ARN)}/invocations?qualifier=DEFAULT`,
  headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
  body: '{"prompt":"grüß dich"}',
};

/** The signature of a library that others use. */
function referenceOf(call: typeof CALL, env: Partial<typeof ENV>, host: string): unknown {
  return aws4.sign(
    {
      ...call,
      host,
      service: 'bedrock-agentcore',
      region: 'eu-west-1',
      headers: { ...call.headers, 'X-Amz-Date': '20261123T030405Z' },
    },
    {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
      ...(env.AWS_SESSION_TOKEN && { sessionToken: env.AWS_SESSION_TOKEN }),
    },
  ).headers?.['Authorization'];
}

/** That library signs the length, too; whether it is signed is free. */
const withLength = (call: typeof CALL): typeof CALL => ({
  ...call,
  headers: { ...call.headers, 'Content-Length': String(Buffer.byteLength(call.body)) } as typeof call.headers,
});

test.each([
  ['temporary credentials', ENV],
  ['a long-lived key', { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' }],
])('signs with %s as another implementation does', (_, env) => {
  const host = 'bedrock-agentcore.eu-west-1.amazonaws.com';
  const headers = createSigner(host, 'eu-west-1')(withLength(CALL), env, NOW);
  expect(headers['Authorization']).toBe(referenceOf(CALL, env, host));
  expect(headers).toMatchObject({
    Host: host,
    'X-Amz-Date': '20261123T030405Z',
    'Content-Length': String(Buffer.byteLength(CALL.body)),
  });
});

test('whatever the body, the media types and the path hold', () => {
  const sign = createSigner('127.0.0.1:4599', 'eu-west-1');
  const printable = fc.stringMatching(/^[\x20-\x7e]{1,40}$/).filter((text) => text.trim() !== '');
  const segment = fc.string({ minLength: 1, unit: 'binary' }).map(encodeURIComponent);
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), printable, segment, (body, accept, name) => {
      // The library takes a dot for a way up.
      fc.pre(!name.includes('..'));
      const call = {
        ...CALL,
        body,
        path: `/runtimes/${name}/invocations?qualifier=DEFAULT`,
        headers: { ...CALL.headers, Accept: accept },
      };
      expect(sign(withLength(call), ENV, NOW)['Authorization']).toBe(referenceOf(call, ENV, '127.0.0.1:4599'));
    }),
  );
});

test('the key of a day is not used on the next, nor with another secret', () => {
  const sign = createSigner('host', 'eu-west-1');
  const at = (now: Date, env: typeof ENV) => sign(CALL, env, now)['Authorization'];
  const tomorrow = new Date(NOW.getTime() + 86_400_000);
  const rotated = { ...ENV, AWS_SECRET_ACCESS_KEY: 'another' };
  for (const [now, env] of [
    [NOW, ENV],
    [tomorrow, ENV],
    [tomorrow, rotated],
    [NOW, ENV],
  ] as const) {
    expect(at(now, env)).toBe(createSigner('host', 'eu-west-1')(CALL, env, now)['Authorization']);
  }
});
