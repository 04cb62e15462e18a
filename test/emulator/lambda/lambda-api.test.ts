import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import {
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handlersOf } from '../resource-handlers.ts';
import { CONTEXT, type LambdaHarness, ROLE_ARN, startLambda, streaming } from './lambda-harness.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:echo';
const ECHO = `exports.handler = async (event) => { if (event.fail) throw new RangeError(event.fail); return event; };`;
const decode = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

let lambda: LambdaHarness;
beforeAll(async () => {
  lambda = await startLambda({ requestBytes: 1000, bufferedResponseBytes: 2000 });
  await lambda.deploy(ECHO, {
    FunctionName: 'echo',
    Description: 'says it again',
    Environment: { Variables: { A1: 'b' } },
    LoggingConfig: { LogGroup: 'group', LogFormat: 'JSON' },
    Architectures: ['arm64'],
    Tags: [{ Key: 'team', Value: 'blue' }],
  });
});
afterAll(async () => {
  await lambda.close();
});

/** All events of a streamed invocation. */
async function stream(functionName: string, payload = '{}') {
  const answer = await lambda.client.send(
    new InvokeWithResponseStreamCommand({ FunctionName: functionName, Payload: Buffer.from(payload) }),
  );
  const chunks: string[] = [];
  let complete;
  for await (const event of answer.EventStream ?? []) {
    if (event.PayloadChunk) chunks.push(decode(event.PayloadChunk.Payload));
    if (event.InvokeComplete) complete = event.InvokeComplete;
  }
  return { answer, chunks, complete };
}

test.each([
  ['name', 'echo'],
  ['qualified name', 'echo:$LATEST'],
  ['partial ARN', '123456789012:function:echo'],
  ['full ARN', ARN],
])('Invoke takes a %s', async (_what, name) => {
  const answer = await lambda.client.send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from('{"a":"ü"}') }));
  expect(decode(answer.Payload)).toBe('{"a":"ü"}');
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(answer.FunctionError).toBeUndefined();
});

test('Invoke without a payload is an empty event', async () => {
  const answer = await lambda.client.send(new InvokeCommand({ FunctionName: 'echo' }));
  expect(decode(answer.Payload)).toBe('{}');
});

test('an error of the function is a 200 with FunctionError and the error object', async () => {
  const answer = await lambda.client.send(new InvokeCommand({ FunctionName: 'echo', Payload: Buffer.from('{"fail":"no"}') }));
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(JSON.parse(decode(answer.Payload))).toMatchObject({
    errorType: 'RangeError',
    errorMessage: 'no',
    trace: expect.arrayContaining(['RangeError: no']),
  });
});

test('Invoke of a streaming function collects its bytes', async () => {
  const name = await lambda.deploy(streaming(`stream.write('a'); stream.write('b'); stream.end();`));
  const answer = await lambda.client.send(new InvokeCommand({ FunctionName: name }));
  expect(decode(answer.Payload)).toBe('ab');
});

test.each([
  ['buffered', `exports.handler = async () => 'x'.repeat(3000);`],
  ['streaming', streaming(`stream.end('x'.repeat(3000));`)],
])('a response of a %s function that is too large fails Invoke', async (_kind, code) => {
  const name = await lambda.deploy(code);
  const answer = await lambda.client.send(new InvokeCommand({ FunctionName: name }));
  expect(answer.FunctionError).toBe('Unhandled');
  expect(JSON.parse(decode(answer.Payload))).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
});

test('InvokeWithResponseStream streams chunks and completes', async () => {
  const name = await lambda.deploy(
    streaming(
      `awslambda.HttpResponseStream.from(stream, {}); stream.write('a'); await new Promise(setImmediate); stream.write('b'); stream.end();`,
    ),
  );
  const { answer, chunks, complete } = await stream(name);
  expect(chunks).toEqual(['{}', '\0'.repeat(8), 'a', 'b']);
  expect(complete).toEqual({});
  expect(answer).toMatchObject({
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    ResponseStreamContentType: 'application/vnd.awslambda.http-integration-response',
  });
});

test('InvokeWithResponseStream of a function that does not stream is one chunk', async () => {
  const { answer, chunks } = await stream('echo', '{"a":1}');
  expect(chunks).toEqual(['{"a":1}']);
  expect(answer.ResponseStreamContentType).toBe('application/json');
});

test('errors before and in a stream come in InvokeComplete', async () => {
  const before = await stream('echo', '{"fail":"no"}');
  expect(before.chunks).toEqual([]);
  expect(before.complete?.ErrorCode).toBe('RangeError');
  expect(JSON.parse(before.complete?.ErrorDetails ?? '')).toMatchObject({ errorMessage: 'no' });

  const name = await lambda.deploy(streaming(`stream.write('a'); throw new Error('late');`));
  const during = await stream(name);
  expect(during.chunks).toEqual(['a']);
  expect(during.complete?.ErrorCode).toBe('Error');
  expect(JSON.parse(during.complete?.ErrorDetails ?? '')).toMatchObject({ errorMessage: 'late' });
});

test('a caller that goes away does not stop the function', async () => {
  const name = await lambda.deploy(
    streaming(
      `for (let i = 0; i < 300; i += 1) { if (!stream.write(Buffer.alloc(65_536))) await new Promise((resolve) => stream.once('drain', resolve)); } stream.end(); console.log('ran on');`,
    ),
  );
  const request = httpRequest(`${lambda.endpoint}/2021-11-15/functions/${name}/response-streaming-invocations`, {
    method: 'POST',
  }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response, 'readable');
  response.on('error', () => undefined);
  request.destroy();
  expect(await lambda.logged(`${name} stdout: ran on`)).toBeTruthy();
});

test('LogType Tail: the last 4 KB of the log of this invocation, also of one that fails, and at the end of a stream', async () => {
  const name = await lambda.deploy(
    `exports.handler = async ({ say, padding = 0, fail }) => { console.log('ä'.repeat(padding) + say); if (fail) throw new Error(fail); };`,
  );
  const tail = async (event: object) => {
    const input = { FunctionName: name, LogType: 'Tail' as const, Payload: Buffer.from(JSON.stringify(event)) };
    const { LogResult = '' } = await lambda.client.send(new InvokeCommand(input));
    return Buffer.from(LogResult, 'base64');
  };
  expect(String(await tail({ say: 'one' }))).toMatch(/^START RequestId: \S+ Version: \$LATEST\none\nEND .*\nREPORT .*\n$/);
  expect(String(await tail({ say: 'two', fail: 'sorry' }))).toMatch(/^START .*\ntwo\n.*sorry[^]*\nREPORT /);
  const long = await tail({ say: 'three', padding: 3_000 });
  expect(String(long)).toContain('äthree\nEND');
  // The cut may fall between the two bytes of an "ä".
  expect(long.length).toBe(4_096);

  const streamed = await lambda.client.send(new InvokeWithResponseStreamCommand({ FunctionName: name, LogType: 'Tail' }));
  const results: (string | undefined)[] = [];
  for await (const { InvokeComplete } of streamed.EventStream ?? []) if (InvokeComplete) results.push(InvokeComplete.LogResult);
  expect(Buffer.from(results[0] ?? '', 'base64').toString()).toContain('REPORT RequestId');
  const silent = await lambda.client.send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from('{}') }));
  expect(silent.LogResult).toBeUndefined();
});

test('LogType Tail of a function that does not start, or ends in the middle', async () => {
  for (const code of ['throw new Error("no")', 'exports.handler = () => { console.log("last words"); process.exit(3); }']) {
    const FunctionName = await lambda.deploy(code);
    const { LogResult, FunctionError } = await lambda.client.send(new InvokeCommand({ FunctionName, LogType: 'Tail' }));
    expect(FunctionError).toBe('Unhandled');
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toMatch(code.includes('last') ? /last words\n[^]*REPORT/ : /^$/);
  }
});

test('DryRun runs nothing', async () => {
  const answer = await lambda.client.send(new InvokeCommand({ FunctionName: 'echo', InvocationType: 'DryRun' }));
  expect(answer.StatusCode).toBe(204);
});

test.each([
  ['an unknown function', { FunctionName: 'nope' }, 'ResourceNotFoundException', 404],
  ['another Region', { FunctionName: ARN.replace('eu', 'us') }, 'ResourceNotFoundException', 404],
  ['a version', { FunctionName: 'echo', Qualifier: '1' }, 'ResourceNotFoundException', 404],
  ['a large event', { Payload: Buffer.from(`"${'x'.repeat(1000)}"`) }, 'RequestTooLargeException', 413],
  ['no JSON', { Payload: Buffer.from('{') }, 'InvalidRequestContentException', 400],
  ['Event', { InvocationType: 'Event' as const }, 'InvalidParameterValueException', 400],
  ['another log type', { LogType: 'Head' as 'Tail' }, 'ValidationException', 400],
  ['a client context', { ClientContext: 'e30=' }, 'InvalidParameterValueException', 400],
])('%s is refused', async (_what, input, name, status) => {
  await expect(lambda.client.send(new InvokeCommand({ FunctionName: 'echo', ...input }))).rejects.toMatchObject({
    name,
    $metadata: { httpStatusCode: status },
  });
});

test('GetFunctionConfiguration and GetFunction tell how it is set', async () => {
  const configuration = await lambda.client.send(new GetFunctionConfigurationCommand({ FunctionName: ARN }));
  expect(configuration).toMatchObject({
    FunctionName: 'echo',
    FunctionArn: ARN,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: ROLE_ARN,
    Timeout: 20,
    MemorySize: 128,
    Description: 'says it again',
    Environment: { Variables: { A1: 'b' } },
    LoggingConfig: { LogGroup: 'group', LogFormat: 'JSON' },
    TracingConfig: { Mode: 'PassThrough' },
    Architectures: ['arm64'],
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Version: '$LATEST',
  });
  const whole = await lambda.client.send(new GetFunctionCommand({ FunctionName: 'echo' }));
  expect(whole).toMatchObject({ Configuration: { FunctionName: 'echo' }, Tags: { team: 'blue' } });
});

test('GetFunctionConcurrency tells what is reserved, if anything is', async () => {
  const FunctionName = await lambda.deploy(ECHO, { ReservedConcurrentExecutions: 7 });
  const reserved = await lambda.client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
  expect(reserved.ReservedConcurrentExecutions).toBe(7);
  const open = await lambda.client.send(new GetFunctionConcurrencyCommand({ FunctionName: 'echo' }));
  expect(open.ReservedConcurrentExecutions).toBeUndefined();
});

test('ListFunctions pages', async () => {
  await using own = await startLambda();
  for (const name of ['a1', 'b1', 'c1']) await own.deploy(ECHO, { FunctionName: name });
  const first = await own.client.send(new ListFunctionsCommand({ MaxItems: 2 }));
  const second = await own.client.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
  const names = [...(first.Functions ?? []), ...(second.Functions ?? [])];
  expect(names.map((each) => each.FunctionName)).toEqual(['a1', 'b1', 'c1']);
  expect(own.service.functionArns()).toHaveLength(3);
});

test('GetPolicy is 404 without permissions, else the statements', async () => {
  const name = await lambda.deploy(ECHO);
  const command = new GetPolicyCommand({ FunctionName: name });
  await expect(lambda.client.send(command)).rejects.toThrow('does not exist');
  const resource = await handlersOf(lambda.service, 'AWS::Lambda::Permission').create(
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: name,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: 'arn:aws:execute-api:eu-west-1:123456789012:api/*/POST/invoke',
    },
    CONTEXT,
  );
  const policy = await lambda.client.send(command);
  expect(JSON.parse(policy.Policy ?? '')).toEqual({
    Version: '2012-10-17',
    Id: 'default',
    Statement: [
      {
        Sid: resource.physicalId,
        Effect: 'Allow',
        Principal: { Service: 'apigateway.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:execute-api:eu-west-1:123456789012:api/*/POST/invoke' } },
      },
    ],
  });
});

test('a call with the credentials of a role needs lambda:InvokeFunction', async () => {
  const { accessKeyId, secretAccessKey } = lambda.iam.assumeRole(ROLE_ARN, 'lambda.amazonaws.com');
  const client = new LambdaClient({
    region: 'eu-west-1',
    endpoint: lambda.endpoint,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
  await expect(client.send(new InvokeCommand({ FunctionName: 'echo' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`perform: lambda:InvokeFunction on resource: ${ARN}`),
  });
  client.destroy();
});
