import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { echoAgent, startEmulator, type Emulator } from '../../src/emulator/index.ts';
import { AGENT_ARN, awsEnvironment } from '../helpers/chain.ts';
import { type CliResult, jsonLines, runCli } from '../helpers/run-cli.ts';
import { send } from '../helpers/post.ts';

const OTHER_REGION_ARN = 'arn:aws:bedrock-agentcore:eu-west-1:000000000000:runtime/test_agent-0123456789';

let emulator: Emulator;
let env: Record<string, string>;
const failResources: Record<string, string> = {};

beforeAll(async () => {
  emulator = await startEmulator({
    agents: new Map([
      [AGENT_ARN, echoAgent()],
      [OTHER_REGION_ARN, echoAgent()],
    ]),
    cloudFormation: { failResources },
    // Each test destroys what it has made.
    apiGateway: { deleteRestApiIntervalMs: 0 },
  });
  env = awsEnvironment(emulator);
});
afterAll(() => emulator.close());
afterEach(async () => {
  for (const name of Object.keys(failResources)) delete failResources[name];
  await run('destroy', '--yes');
});

const run = (...args: string[]): Promise<CliResult> => runCli(args, { env });
const deploy = (...args: string[]): Promise<CliResult> => run('deploy', '--agent-arn', AGENT_ARN, ...args);
const resultOf = ({ stdout }: CliResult): Record<string, unknown> => jsonLines(stdout).at(-1) ?? {};
const parametersOf = async (): Promise<unknown> => resultOf(await run('status', '--json'))['parameters'];

test('deploys: the URL alone on stdout, the story and the next steps on stderr', async () => {
  const result = await deploy();
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/_aws\/execute-api\/[a-z0-9]+\/v1\n$/);
  expect(result.stderr).toContain('19 to add, 0 to change, 0 to remove');
  expect(result.stderr).toContain('CREATE_COMPLETE Function (AWS::Lambda::Function)');
  expect(result.stderr).toContain('created stack agentstream in us-east-1');
  expect(result.stderr).toContain(`curl -N ${result.stdout.trim()}/invoke`);
  expect(result.stderr).toContain('x-api-key: $(agentstream status --region us-east-1 --show-key)');
  for (const command of ['invoke', 'chat', 'bench']) expect(result.stderr).toContain(`  agentstream ${command} --region`);
  expect(result.stderr).not.toContain('\u001B[');
});

test('a second deploy has nothing to change and says so', async () => {
  await deploy();
  const again = await run('deploy');
  expect(again.exitCode).toBe(0);
  expect(again.stderr).toContain('no changes: stack agentstream in us-east-1 is up to date');
});

test('one changed option changes what it must, and keeps all others', async () => {
  await deploy('--heartbeat', '5s', '--rate-limit', '7', '--cors-origin', 'https://app.example');
  const before = await parametersOf();
  const result = await run('deploy', '--memory', '1024', '--json');
  const lines = jsonLines(result.stdout);
  const changes = lines.find((line) => line['type'] === 'changes')?.['changes'];
  expect(changes).toMatchObject([{ action: 'Modify', logicalId: 'Function', replacement: 'False' }]);
  expect(lines.at(-1)).toMatchObject({ type: 'result', ok: true, outcome: 'updated' });
  expect(before).toMatchObject({ HeartbeatMs: '5000', RateLimit: '7', CorsOrigins: 'https://app.example' });
  expect(await parametersOf()).toEqual({ ...(before as object), MemorySize: '1024' });
});

test('a changed auth mode takes effect at once, under the same URL', async () => {
  const url = (await deploy()).stdout.trim();
  const status = async (): Promise<number> => (await send('POST', `${url}/invoke`, { prompt: 'hi' })).status;
  expect(await status()).toBe(403);
  const open = await run('deploy', '--auth', 'none');
  expect(open.stdout.trim()).toBe(url);
  expect(open.stderr).toContain('anyone on the internet who knows the URL can call this agent');
  expect(await status()).toBe(200);
  await run('deploy', '--auth', 'iam');
  expect(await status()).toBe(403);
  expect(await run('invoke', 'signed, I hope')).toMatchObject({ exitCode: 0, stdout: 'signed, I hope\n' });
});

test('a resource that fails is named with its reason, and the stack is rolled back', async () => {
  failResources['Function'] = 'The account has no room for another function.';
  const result = await deploy();
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain(
    'error: Function (AWS::Lambda::Function) failed: The account has no room for another function.',
  );
  expect(result.stderr).toContain('hint: the stack is now ROLLBACK_COMPLETE');
  delete failResources['Function'];
  const again = await deploy();
  expect(again.exitCode).toBe(0);
  expect(again.stderr).toContain('deleting the remains of a failed create (ROLLBACK_COMPLETE)');
});

test('a failing update leaves the stack as it was', async () => {
  const url = (await deploy('--auth', 'none')).stdout.trim();
  failResources['Function'] = 'No.';
  const result = await run('deploy', '--memory', '1024', '--json');
  expect(result.exitCode).toBe(1);
  expect(resultOf(result)).toMatchObject({ type: 'result', ok: false, error: { code: 'DEPLOY_FAILED' } });
  delete failResources['Function'];
  expect(resultOf(await run('status', '--json'))).toMatchObject({
    status: 'UPDATE_ROLLBACK_COMPLETE',
    parameters: { MemorySize: '512' },
  });
  expect((await send('POST', `${url}/invoke`, { prompt: 'hi' })).status).toBe(200);
});

test('a new stack needs an agent', async () => {
  const result = await run('deploy', '--json');
  expect(result.exitCode).toBe(1);
  expect(resultOf(result)).toMatchObject({ ok: false, error: { code: 'MISSING_AGENT_ARN' } });
  expect(result.stderr).toMatch(/there is no stack agentstream yet.*\nhint: agentstream deploy --region \S+ --agent-arn ARN/);
});

test.each([
  ['nonsense', 'not the ARN of an AgentCore runtime: nonsense'],
  [`${AGENT_ARN}/runtime-endpoint/prod`, 'give the runtime ARN by --agent-arn and the endpoint name by --qualifier'],
  ['arn:aws:lambda:us-east-1:000000000000:function:x', 'its service is lambda, not bedrock-agentcore; it looks like arn:aws:'],
  ['arn:aws:bedrock:us-east-1:000000000000:agent/ABCDEFGHIJ', 'a classic Bedrock agent'],
  [AGENT_ARN.replace('000000000000', '12345678901'), 'its account (12345678901) has not 12 digits, but 11'],
  [`${AGENT_ARN}:3`, 'it has a version (:3): leave that out'],
  [` ${AGENT_ARN}`, 'it has a blank or a line end in it'],
  [AGENT_ARN.replace('us-east-1', 'us_east'), 'its Region is us_east'],
  [AGENT_ARN.replace('runtime/', 'memory/'), 'it names memory, not a runtime'],
  [AGENT_ARN.slice(0, -1), 'the id behind runtime/ is a name, a hyphen and ten letters and digits'],
])('refuses the ARN %s before it does anything', async (arn, message) => {
  const result = await run('deploy', '--agent-arn', arn);
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain(message);
});

test.each([
  [['--auth', 'password'], /--auth takes one of api-key, iam, cognito, lambda, none, not password/],
  [['--heartbeat', 'soon'], /--heartbeat takes a time such as/],
  [['--heartbeat', '10m'], /at most 280s/],
  [['--memory', '64'], /--memory takes a whole number from 128/],
  [['--stack-name', 'no spaces'], /not a stack name: no spaces/],
  [['--no-such-flag'], /unknown option/],
])('refuses %j', async (args, message) => {
  const result = await deploy(...args);
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toMatch(message);
});

test('what CloudFormation refuses is told in its words', async () => {
  // More than the 4,096 bytes of a parameter.
  const ranges = Array.from({ length: 400 }, (_, index) => `10.${index % 256}.0.0/16`);
  const result = await deploy('--allow-cidr', ranges.join(','));
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('AllowCidrs');
});

test("the agent's Region comes from its ARN, wherever the stack is", async () => {
  const across = await runCli(['deploy', '--agent-arn', OTHER_REGION_ARN], { env });
  expect(across.exitCode).toBe(0);
  expect(across.stderr).toContain('the agent is in eu-west-1, so every turn crosses Regions');
  expect(await run('invoke', 'across')).toMatchObject({ exitCode: 0, stdout: 'across\n' });
});

test('without any Region the stack goes where the agent is', async () => {
  const { AWS_REGION: _, ...nowhere } = env;
  const result = await runCli(['deploy', '--agent-arn', OTHER_REGION_ARN, '--json'], { env: nowhere });
  expect(resultOf(result)).toMatchObject({ ok: true, region: 'eu-west-1' });
  const gone = await runCli(['destroy', '--yes', '--region', 'eu-west-1'], { env });
  expect(gone.stderr).toContain('19 resources removed');
});

test('says who is not there when nothing listens', async () => {
  const result = await runCli(['status'], { env: { ...env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toMatch(
    /no connection to http:\/\/127\.0\.0\.1:9 \(ECONNREFUSED\)\nhint: start the emulator: agentstream dev/,
  );
});
