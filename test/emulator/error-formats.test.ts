import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const JSON_1_1 = { 'content-type': 'application/x-amz-json-1.1' };
const XML = /^<ErrorResponse><Error><Type>Receiver<\/Type><Code>UnknownService<\/Code>/;

async function call(service: string, headers: Readonly<Record<string, string>>, path: string, body: string) {
  const { accessKeyId } = emulator.credentials;
  const scope = `${accessKeyId}x/20260101/us-east-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const outgoing = request(`${emulator.url}${path}`, { method: 'POST', headers: { ...headers, authorization } });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return [answer, await text(answer)] as const;
}

// What botocore reads: the code in the XML of the query protocol and of REST-XML, `__type` in AWS JSON, a header in REST-JSON.
test.each([
  ['rds', FORM, 501, XML],
  ['iam', FORM, 501, XML],
  ['s3', {}, 501, XML],
  ['dynamodb', { ...JSON_1_1, 'x-amz-target': 'DynamoDB_20120810.ListTables' }, 501, /"__type":"UnknownService"/],
  ['eks', { 'content-type': 'application/json' }, 501, /^\{"message"/],
  ['logs', { ...JSON_1_1, 'x-amz-target': 'Logs_20140328.FilterLogEvents' }, 400, /"__type":"ResourceNotFoundException"/],
  ['wafv2', { ...JSON_1_1, 'x-amz-target': 'AWSWAF_20190729.Nope' }, 400, /"__type":"UnknownOperationException"/],
])('an error of %s is in the form that its clients read', async (service, headers, status, body) => {
  const [answer, said] = await call(service, headers, '/', service === 'logs' ? '{"logGroupName":"nope"}' : '{}');
  expect(said).toMatch(body);
  expect(answer.statusCode).toBe(status);
});

test('a question mark in a query is part of its value', async () => {
  const [answer, said] = await call('lambda', {}, '/2015-03-31/functions/nope/invocations?Qualifier=a?b', '{}');
  expect([answer.statusCode, said]).toEqual([404, expect.stringContaining('nope:a?b')]);
});
