import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { handlersOf } from '../../resource-handlers.ts';
import { CONTEXT, type LambdaHarness, startLambda } from '../../lambda/lambda-harness.ts';
import { type Gateway, startGateway, STREAM_URI } from '../gateway-fixture.ts';
import { httpCall } from '../http-call.ts';

/** What a request does is in its body: the text of a function body with `stream`, `event`, `awslambda` and `require`. */
const HANDLER = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
  await new Function('stream', 'event', 'awslambda', 'require', 'return (async () => {' + event.body + '})()')(
    stream, event, awslambda, require);
});`;
const FROM = `const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-a': 'b' } });`;

let lambda: LambdaHarness;
let gateway: Gateway;
let invokeUrl: string;

beforeEach(async () => {
  lambda = await startLambda();
  gateway = await startGateway(undefined, {}, lambda.service);
  const name = await lambda.deploy(HANDLER);
  const arn = `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
  const Uri = STREAM_URI.replace(/arn:aws:lambda:[^/]+/, arn);
  const deployed = await gateway.deploy({ integration: { Uri } });
  invokeUrl = deployed.invokeUrl;
  await permit(name, `${deployed.apiId}/*/POST/invoke`);
});
afterEach(async () => {
  await gateway.close();
  await lambda.close();
});

async function permit(name: string, resource: string): Promise<void> {
  const properties = {
    Action: 'lambda:InvokeFunction',
    FunctionName: name,
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `arn:aws:execute-api:eu-central-1:123456789012:${resource}`,
  };
  await handlersOf(lambda.service, 'AWS::Lambda::Permission').create(properties, CONTEXT);
}

const post = (body: string) => httpCall(invokeUrl, { method: 'POST', body });

describe('API Gateway in front of the Lambda emulator', () => {
  test('streams what a function writes', async () => {
    const answer = await post(`${FROM} out.write('one'); out.end('two');`);
    expect(answer.status).toBe(201);
    expect(answer.headers['x-a']).toBe('b');
    expect(await answer.text()).toBe('onetwo');
  });

  test('sends the headers before the body, with an empty write', async () => {
    const gate = join(await mkdtemp(join(tmpdir(), 'gate-')), 'open');
    const answer = await post(
      `${FROM} out.write('');
      while (!require('node:fs').existsSync(${JSON.stringify(gate)})) await new Promise((go) => setTimeout(go, 5));
      out.end('late');`,
    );
    expect(answer.status).toBe(201);
    // Only now does the function go on.
    await writeFile(gate, '');
    expect(await answer.text()).toBe('late');
    await rm(dirname(gate), { recursive: true });
  });

  test.each([
    ['end() without a write', `${FROM} out.end('lost');`],
    ['text without a prelude', `stream.write('hello'); stream.end();`],
    ['an error before the first write', `throw new Error('early');`],
  ])('answers 502 to %s', async (_, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toBe('{"message":"Internal server error"}');
  });

  test('cuts the stream of a function that throws in the middle of it', async () => {
    const answer = await post(`${FROM} out.write('one'); throw new Error('late');`);
    expect(await answer.next()).toBe('one');
    await expect(answer.next()).rejects.toThrow('aborted');
  });

  test('answers 500 without a permission', async () => {
    const Uri = STREAM_URI;
    const other = await gateway.deploy({ integration: { Uri } });
    expect((await httpCall(other.invokeUrl, { method: 'POST' })).status).toBe(500);
  });
});
