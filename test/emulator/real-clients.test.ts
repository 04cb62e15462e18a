import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';

const hasClients = [
  ['python3', '-c', 'import boto3'],
  ['aws', '--version'],
].every(([file = '', ...args]) => spawnSync(file, args).status === 0);
if (!hasClients) console.log('boto3 or the AWS CLI is not installed: the emulator is not tried with them');

const run = promisify(execFile);

/** Prints the code of the typed exception that each call raises, and what the others return. */
const SCRIPT = `
import base64, boto3, botocore, json
def caught(client, exception, call):
    try: call()
    except getattr(client.exceptions, exception) as error: return error.response['Error']
def told(call):
    try: call()
    except botocore.exceptions.ClientError as error: return error.response['Error']
logs, functions, api, stacks = (boto3.client(name) for name in ('logs', 'lambda', 'apigateway', 'cloudformation'))
name = functions.list_functions()['Functions'][0]['FunctionName']
group = [each['logGroupName'] for page in logs.get_paginator('describe_log_groups').paginate() for each in page['logGroups']]
invoked = functions.invoke(FunctionName=name, LogType='Tail', Payload=b'{}')
own = functions.get_function_configuration(FunctionName=name)['LoggingConfig']['LogGroup']
stream = logs.describe_log_streams(logGroupName=own, orderBy='LastEventTime', descending=True)['logStreams'][0]['logStreamName']
rest = api.get_rest_apis()['items'][0]['id']
probe = next(each['id'] for each in api.get_resources(restApiId=rest)['items'] if each['path'] == '/invoke')
stack = stacks.describe_stacks()['Stacks'][0]['StackName']
print(json.dumps({
    'typed': caught(logs, 'ResourceNotFoundException', lambda: logs.filter_log_events(logGroupName='nope')),
    'groups': own in group,
    'tail': base64.b64decode(invoked['LogResult']).decode(),
    'events': [each['message'] for each in logs.get_log_events(logGroupName=own, logStreamName=stream, startFromHead=True)['events']],
    'reports': [each['message'] for each in logs.filter_log_events(logGroupName=own, filterPattern='REPORT')['events']],
    'concurrency': functions.get_function_concurrency(FunctionName=name).get('ReservedConcurrentExecutions'),
    'tested': api.test_invoke_method(restApiId=rest, resourceId=probe, httpMethod='POST', body='{"prompt":"hi"}')['body'],
    'idle': told(lambda: stacks.cancel_update_stack(StackName=stack)),
    'json': told(lambda: boto3.client('dynamodb').list_tables()),
    'xml': told(lambda: boto3.client('iam').list_roles()),
    'unknown': told(lambda: stacks.list_exports()),
}))
`;

describe.skipIf(!hasClients)('the clients that people have', () => {
  let chain: Chain;
  beforeAll(async () => {
    chain = await startChain(createActingAgent());
  });
  afterAll(() => chain.close());

  const output = async (file: string, ...args: string[]): Promise<string> => {
    const { AWS_REGION: region = '', ...env } = chain.env;
    const settings = { PATH: process.env['PATH'], AWS_DEFAULT_REGION: region, AWS_MAX_ATTEMPTS: '1' };
    return (await run(file, args, { env: { ...env, ...settings } })).stdout;
  };

  test('boto3 raises typed exceptions and reads what it asks for', async () => {
    const unsupported = (what: string): unknown => expect.stringMatching(`^the emulator does not support the ${what}`);
    expect(JSON.parse(await output('python3', '-c', SCRIPT))).toEqual({
      typed: { Code: 'ResourceNotFoundException', Message: 'The specified log group does not exist.' },
      groups: true,
      tail: expect.stringMatching(/^START [^]*REPORT /),
      events: expect.arrayContaining([expect.stringMatching(/^START /), expect.stringMatching(/^REPORT /)]),
      reports: [expect.stringMatching(/^REPORT /)],
      concurrency: null,
      tested: 'data: "ok"\n\n',
      idle: { Type: 'Sender', Code: 'ValidationError', Message: 'CancelUpdateStack cannot be called from current stack status' },
      json: { Code: 'UnknownService', Message: unsupported('service dynamodb') },
      xml: { Type: 'Receiver', Code: 'UnknownService', Message: unsupported('service iam') },
      unknown: { Type: 'Sender', Code: 'UnknownOperationException', Message: unsupported('cloudformation call ListExports') },
    });
  });

  test('the AWS CLI tells who calls', async () => {
    const identity = JSON.parse(await output('aws', 'sts', 'get-caller-identity')) as object;
    expect(identity).toMatchObject({ Account: chain.emulator.accountId });
  });
});
