import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AwsError, echoAgent, type EmulatorOptions } from '../../src/emulator/index.ts';
import { type Chain, REGION, startChain } from '../helpers/chain.ts';
import { jsonLines, runCli } from '../helpers/run-cli.ts';

const ACCOUNT = '000000000000';
const POOL = `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${REGION}_Pool1`;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/bound`;

let chain: Chain;
let refuseCall: EmulatorOptions['refuseCall'];
beforeAll(async () => {
  chain = await startChain(echoAgent(), {
    userPools: [POOL],
    refuseCall: (call) => refuseCall?.(call),
    parameters: {
      AuthMode: 'cognito',
      UserPoolArn: POOL,
      AuthScopes: 'agent/invoke,agent/all',
      UserIdFrom: 'sub',
      SessionScope: 'caller',
      DomainName: 'api.example.com',
      CertificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/01ab`,
      BasePath: 'agent',
      Waf: 'managed',
      CorsOrigins: 'https://a.example,https://b.example',
      CorsCredentials: 'on',
      AllowCidrs: '127.0.0.0/8',
      MaxConcurrency: '7',
      Tracing: 'on',
      Dashboard: 'on',
      AlarmEmail: 'someone@example.com',
      PermissionsBoundary: BOUNDARY,
    },
  });
});
afterAll(() => chain.close());
afterEach(() => {
  refuseCall = undefined;
});

async function rows(): Promise<string[]> {
  const args = ['status', '--stack-name', 'chain'];
  const { stdout } = await runCli(args, { env: chain.env });
  return stdout.replaceAll(/ {2,}/g, ' ').split('\n');
}

test('each option that is set has one line', async () => {
  expect(await rows()).toEqual(
    expect.arrayContaining([
      `Auth cognito: tokens of ${REGION}_Pool1, with scope agent/invoke or agent/all`,
      "User id the agent gets the caller's sub",
      'Sessions only the caller who started one may continue it',
      expect.stringMatching(
        /^Domain api\.example\.com\/agent, SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09, available; point DNS to d-\S+$/,
      ),
      expect.stringMatching(/^Web ACL managed rules, 1000 requests per address in 5 min \(\S+\)$/),
      'CORS https://a.example, https://b.example, with credentials',
      'Allowed only from 127.0.0.0/8',
      'Streams 7 at once',
      'Tracing X-Ray on stage and function',
      'Dashboard on, in CloudWatch',
      'Alarms to someone@example.com',
      `Boundary ${BOUNDARY}`,
      'Drift none found',
    ]),
  );
});

test('--json has what was read back', async () => {
  const args = ['status', '--stack-name', 'chain', '--json'];
  const { stdout } = await runCli(args, { env: chain.env });
  expect(jsonLines(stdout).at(-1)).toMatchObject({
    live: {
      authorizer: { type: 'known', value: { type: 'COGNITO_USER_POOLS', arns: [POOL] } },
      domain: { type: 'known', value: { paths: ['agent'], status: 'AVAILABLE' } },
      stage: { value: { traces: true, webAclArn: chain.outputs['WafAclArn'] } },
      function: { value: { traces: true, reservedConcurrency: 7 } },
    },
  });
});

test('what may not be read back is said to be unknown, and the rest is shown', async () => {
  refuseCall = ({ action }) =>
    /authorizers|domainnames/.test(action) ? new AwsError('AccessDeniedException', 403, 'No.') : undefined;
  expect(await rows()).toEqual(
    expect.arrayContaining([
      'Auth cognito (authorizer unknown: no permission)',
      'Domain api.example.com (unknown: no permission)',
      'Streams 7 at once',
    ]),
  );
});

test('what is off has no line', async () => {
  const plain = await startChain(echoAgent(), { parameters: { AuthMode: 'api-key' } });
  try {
    const { stdout } = await runCli(['status', '--stack-name', 'chain'], { env: plain.env });
    const names = stdout.split('\n').map((line) => line.split(/ {2,}/)[0]);
    expect(names).toEqual([
      'Stack',
      'Status',
      'URL',
      'Endpoint',
      'Integration',
      'Auth',
      'Agent',
      'Qualifier',
      'Throttle',
      'Quota',
      'Heartbeat',
      'Flush mode',
      'Function',
      '',
      'Logs',
      'Changed',
      'Drift',
      '',
    ]);
  } finally {
    await plain.close();
  }
});

test('doctor looks at the certificate of a domain, too', async () => {
  const { stdout } = await runCli(['doctor', '--stack-name', 'chain'], { env: chain.env });
  expect(stdout).toContain('the certificate is in us-east-1, where it is looked for');
});
