import { afterAll, beforeAll, expect, test } from 'vitest';
import { handlersOf } from '../resource-handlers.ts';
import { CONTEXT, type LambdaHarness, startLambda } from './lambda-harness.ts';

const CODE = `exports.handler = async () => process.env.AWS_ACCESS_KEY_ID;`;
const API = 'arn:aws:execute-api:eu-west-1:123456789012:api1';
const apiGateway = (sourceArn: string) => ({ principal: 'apigateway.amazonaws.com', sourceArn });

let lambda: LambdaHarness;
beforeAll(async () => {
  lambda = await startLambda({ inlineCodeBytes: 100 });
});
afterAll(async () => {
  await lambda.close();
});

const permissions = () => handlersOf(lambda.service, 'AWS::Lambda::Permission');
const functions = () => handlersOf(lambda.service, 'AWS::Lambda::Function');

async function invokeAs(name: string, source: { principal: string; sourceArn: string }) {
  const payload = Buffer.from('{}');
  return await lambda.service.invoke({ functionArn: name, payload, mode: 'buffered', source });
}

test('Ref is the name, Arn an attribute', async () => {
  const provider = functions();
  const resource = await provider.create(
    {
      Code: { ZipFile: CODE },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: 'arn:aws:iam::123456789012:role/function-role',
    },
    CONTEXT,
  );
  expect(resource.physicalId).toMatch(/^stack-Function-[A-Z0-9]{12}$/);
  expect(resource.attributes['Arn']).toBe(`arn:aws:lambda:eu-west-1:123456789012:function:${resource.physicalId}`);
  expect(lambda.service.functionArns()).toContain(resource.attributes['Arn']);
});

test.each([
  ['code in S3', { Code: { S3Bucket: 'b', S3Key: 'k' } }, 'S3Bucket'],
  ['large code', { Code: { ZipFile: 'x'.repeat(101) } }, 'ZipFile must not exceed 100 bytes'],
  ['another language', { Runtime: 'python3.13' }, 'the emulator does not support the runtime python3.13'],
  ['a runtime that is not there', { Runtime: 'cobol1' }, "'cobol1' at 'runtime'"],
  ['no time', { Timeout: 0 }, "Value '0' at 'timeout'"],
  ['too much time', { Timeout: '901' }, 'less than or equal to 900'],
  ['little memory', { MemorySize: 64 }, "Value '64' at 'memorySize'"],
  ['two architectures', { Architectures: ['arm64', 'x86_64'] }, "at 'architectures'"],
  ['a log format', { LoggingConfig: { LogFormat: 'XML' } }, "'XML' at 'logFormat'"],
  ['an unknown member', { LoggingConfig: { Other: 1 } }, 'Other'],
  ['no role ARN', { Role: 'role' }, "'role' at 'role'"],
  ['an unknown role', { Role: 'arn:aws:iam::123456789012:role/no' }, 'cannot be assumed by Lambda'],
  ['a reserved variable', { Environment: { Variables: { AWS_REGION: 'x' } } }, 'Reserved keys used in this request: AWS_REGION'],
  ['a bad variable name', { Environment: { Variables: { '1x': 'x' } } }, "'1x' at 'environment'"],
  ['4 KB of variables', { Environment: { Variables: { BIG: 'x'.repeat(4096) } } }, '4KB limit'],
])('%s is refused', async (_what, properties, message) => {
  await expect(lambda.deploy(CODE, properties)).rejects.toThrow(message);
});

test('a name that exists is refused', async () => {
  await lambda.deploy(CODE, { FunctionName: 'taken' });
  await expect(lambda.deploy(CODE, { FunctionName: 'taken' })).rejects.toMatchObject({
    code: 'ResourceConflictException',
    status: 409,
  });
});

test('numbers may come as text, as parameters do', async () => {
  await expect(lambda.deploy(CODE, { Timeout: '900', MemorySize: '1024' })).resolves.toBeTruthy();
});

test('a deleted function is gone, and with it its policy', async () => {
  const provider = functions();
  const name = await lambda.deploy(CODE, { FunctionName: 'short-lived' });
  const grant = { Action: '*', FunctionName: name, Principal: 'apigateway.amazonaws.com' };
  await permissions().create(grant, CONTEXT);
  await provider.delete(name, {}, CONTEXT);
  await expect(lambda.invoke(name)).rejects.toThrow('Function not found');
  await lambda.deploy(CODE, { FunctionName: 'short-lived' });
  await expect(invokeAs(name, apiGateway(`${API}/a/GET/x`))).rejects.toMatchObject({ status: 403 });
  await expect(provider.delete('never-was', {}, CONTEXT)).resolves.toBeUndefined();
});

test.each([
  ['the same ARN', `${API}/prod/POST/invoke`, `${API}/prod/POST/invoke`, true],
  ['wildcards', `${API}/*/POST/*`, `${API}/prod/POST/invoke`, true],
  ['another method', `${API}/*/GET/*`, `${API}/prod/POST/invoke`, false],
  ['another API', `${API}/*`, `${API.replace('api1', 'api2')}/prod/POST/invoke`, false],
  ['a wildcard that would span parts', 'arn:aws:execute-api:*', `${API}/prod/POST/x`, false],
])('a permission with a source ARN: %s', async (_what, pattern, sourceArn, allowed) => {
  const name = await lambda.deploy(CODE);
  await permissions().create(
    { Action: 'lambda:InvokeFunction', FunctionName: name, Principal: 'apigateway.amazonaws.com', SourceArn: pattern },
    CONTEXT,
  );
  const invoked = invokeAs(name, apiGateway(sourceArn));
  if (allowed) expect(await (await invoked).completion).toEqual({ type: 'ok' });
  else await expect(invoked).rejects.toMatchObject({ code: 'AccessDeniedException', status: 403 });
});

test.each([
  ['another action', { Action: 'lambda:GetFunction' }],
  ['another principal', { Principal: 's3.amazonaws.com' }],
  ['another account', { SourceAccount: '210987654321' }],
])('a permission for %s does not let API Gateway in', async (_what, difference) => {
  const name = await lambda.deploy(CODE);
  const properties = { Action: '*', FunctionName: name, Principal: 'apigateway.amazonaws.com' };
  const resource = await permissions().create({ ...properties, ...difference }, CONTEXT);
  await expect(invokeAs(name, apiGateway(`${API}/a/GET/x`))).rejects.toMatchObject({ status: 403 });
  await permissions().create(properties, CONTEXT);
  await expect(invokeAs(name, apiGateway(`${API}/a/GET/x`))).resolves.toBeTruthy();
  await permissions().delete(resource.physicalId, properties, CONTEXT);
});

test('a permission for a function that does not exist is refused', async () => {
  const properties = { Action: 'lambda:InvokeFunction', FunctionName: 'nope', Principal: '*' };
  await expect(permissions().create(properties, CONTEXT)).rejects.toThrow('Function not found');
});

test('a missing log group is made when the role may make it, and only then', async () => {
  const denied = await lambda.deploy(CODE);
  await lambda.run(denied);
  expect(lambda.logGroups.has(`/aws/lambda/${denied}`)).toBe(false);

  await using own = await startLambda({}, [{ Statement: { Effect: 'Allow', Action: 'logs:*', Resource: '*' } }]);
  const allowed = await own.deploy(CODE);
  await own.run(allowed);
  expect(own.logGroups.has(`/aws/lambda/${allowed}`)).toBe(true);
});
