import { CloudFormationClient, CreateStackCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';
import { SETTING_ROWS } from '../../src/stack/settings/settings.ts';
import { MAX_TEMPLATE_BYTES } from '../../src/templates/render.ts';
import { AGENT_ARN, REGION } from '../helpers/chain.ts';
import { runCli } from '../helpers/run-cli.ts';

const MODES = ['api-key', 'iam', 'none'];

const template = async (...args: string[]): Promise<string> => (await runCli(['template', ...args])).stdout;

const deploymentId = (text: string): string => /ApiDeployment[0-9a-f]+/.exec(text)?.[0] ?? '';

test('stays below what CloudFormation takes in a request', async () => {
  const bytes = Buffer.byteLength(await template('--agent-arn', AGENT_ARN));
  console.log(`template with function: ${bytes} bytes, ${MAX_TEMPLATE_BYTES - bytes} left`);
  expect(bytes).toBeLessThan(MAX_TEMPLATE_BYTES);
});

test('is plain CloudFormation: no transform, no bucket, no fixed names, no YAML alias', async () => {
  const text = await template();
  expect(text).not.toMatch(/^Transform:|S3Bucket|FunctionName: (?!!)|RoleName|LogGroupName: (?!!)/m);
  expect(text).not.toMatch(/\{\{|^ +[^#]*: [&*]\w/m);
  const { Resources } = parse(text, { logLevel: 'silent' }) as { Resources: Record<string, { Type: string }> };
  expect(Object.values(Resources).map(({ Type }) => Type)).toEqual(
    expect.arrayContaining(['AWS::Lambda::Function', 'AWS::ApiGateway::Stage', 'AWS::Logs::LogGroup']),
  );
});

/** Rules that inspect the body (WAF developer guide, "Baseline rule groups"): a prompt may say what they look for. */
const BODY_RULES = {
  AWSManagedRulesCommonRuleSet:
    'SizeRestrictions_BODY EC2MetaDataSSRF_BODY GenericLFI_BODY GenericRFI_BODY CrossSiteScripting_BODY',
  AWSManagedRulesKnownBadInputsRuleSet: 'JavaDeserializationRCE_BODY Log4JRCE_BODY ReactJSRCE_BODY',
};

test('no rule of the firewall blocks a request for its body', async () => {
  const { Resources } = parse(await template('--waf'), { logLevel: 'silent' }) as {
    Resources: { WebAcl: { Properties: { Rules: { Statement: { ManagedRuleGroupStatement?: RuleGroup } }[] } } };
  };
  const groups = Resources.WebAcl.Properties.Rules.flatMap(({ Statement }) => Statement.ManagedRuleGroupStatement ?? []);
  expect(groups.map(({ Name }) => Name).sort()).toEqual(Object.keys(BODY_RULES).sort());
  for (const { Name, RuleActionOverrides } of groups) {
    const counted = RuleActionOverrides.filter(({ ActionToUse }) => 'Count' in ActionToUse).map((rule) => rule.Name);
    expect(counted).toEqual(expect.arrayContaining(BODY_RULES[Name as keyof typeof BODY_RULES].split(' ')));
  }
});

interface RuleGroup {
  readonly Name: string;
  readonly RuleActionOverrides: readonly { readonly Name: string; readonly ActionToUse: object }[];
}

test("the deployment's logical id follows what shapes the API, and nothing else", async () => {
  const ids = await Promise.all([
    template(),
    template('--auth', 'iam'),
    template('--cors-origin', 'https://app.example'),
    template('--agent-arn', AGENT_ARN),
  ]);
  const [plain, iam, cors, withArn] = ids.map(deploymentId);
  expect(plain).toMatch(/^ApiDeployment[0-9a-f]{10}$/);
  expect(new Set([plain, iam, cors]).size).toBe(3);
  expect(withArn).toBe(plain);
});

test('the role may call and stop the one agent, and write to its log group', async () => {
  const actionsOf = async (...args: string[]) =>
    (await template(...args)).match(/(?<=[ [])(bedrock-agentcore|logs|lambda|s3|iam|xray):[A-Z]\w+/g)?.join(' ');
  const least =
    'bedrock-agentcore:InvokeAgentRuntime bedrock-agentcore:StopRuntimeSession logs:CreateLogStream logs:PutLogEvents lambda:InvokeFunction';
  expect(await actionsOf()).toBe(least);
  expect(await actionsOf('--auth', 'iam', '--user-id-from', 'principal')).toBe(
    least.replace(' logs:', ' bedrock-agentcore:InvokeAgentRuntimeForUser logs:'),
  );
  expect(await actionsOf('--tracing')).toBe(least.replace(' lambda:', ' xray:PutTraceSegments xray:PutTelemetryRecords lambda:'));
  // Of the two actions that know no resource.
  for (const [args, count] of [
    [[], 0],
    [['--tracing'], 1],
  ] as const)
    expect((await template(...args)).match(/^ +Resource: '\*'/gm) ?? []).toHaveLength(count);
});

describe('a CloudFormation endpoint', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.close());

  test.each(MODES)('accepts it for auth mode %s', async (mode) => {
    const client = new CloudFormationClient({ endpoint: emulator.url, region: REGION, credentials: emulator.credentials });
    const answer = await client.send(new ValidateTemplateCommand({ TemplateBody: await template('--auth', mode) }));
    expect(answer.Capabilities).toEqual(['CAPABILITY_IAM']);
    expect(answer.Parameters?.find(({ ParameterKey }) => ParameterKey === 'AuthMode')?.DefaultValue).toBe(mode);
  });
});

test('defaults of numbers are numbers: linters compare them with the allowed values by type', async () => {
  const { Parameters } = parse(await template('--log-retention', '30', '--memory', '256'), { logLevel: 'silent' }) as {
    Parameters: Record<string, { Type: string; Default?: unknown; AllowedValues?: unknown[] }>;
  };
  expect(Parameters['LogRetentionDays']?.Default).toBe(30);
  for (const { Type, Default, AllowedValues = [Default] } of Object.values(Parameters)) {
    if (Default === undefined) continue;
    if (Type === 'Number') expect(Default).toBeTypeOf('number');
    expect(AllowedValues).toContain(Default);
  }
});

test('what is off is not in it; --full keeps every parameter and condition for other tools', async () => {
  const [small, full] = [await template(), await template('--full')];
  expect(small).not.toMatch(/Dashboard|WebAcl|Cognito|Alarm|UsesApiKey/);
  expect(small.split('\n').length).toBeLessThan(500);
  for (const [name] of SETTING_ROWS) expect(full).toContain(`\n  ${name}:\n`);
  expect(full).toContain('UsesApiKey: !Equals [!Ref AuthMode, api-key]');
});

test('a parameter that has decided something takes no other value, and says how to get another', async () => {
  const emulator = await startEmulator();
  const client = new CloudFormationClient({ endpoint: emulator.url, region: REGION, credentials: emulator.credentials });
  try {
    const create = new CreateStackCommand({
      StackName: 'other',
      TemplateBody: await template('--agent-arn', AGENT_ARN),
      Parameters: [{ ParameterKey: 'AuthMode', ParameterValue: 'none' }],
      Capabilities: ['CAPABILITY_IAM'],
    });
    await expect(client.send(create)).rejects.toThrow(
      /AuthMode.*must stay as it is: another value needs a newly rendered template/,
    );
  } finally {
    client.destroy();
    await emulator.close();
  }
});

test('--code prints the function as people read it, and the template holds the same', async () => {
  const code = await template('--code');
  expect(code).toContain('function readAgentRequest(event)');
  // Wherever the package is installed.
  expect(code).toContain('\n// lambda/relay.ts\n');
  const [, packed = ''] = /Buffer\.from\('([A-Za-z0-9+/=]+)', 'base64'\)/.exec(await template()) ?? [];
  const held = brotliDecompressSync(Buffer.from(packed, 'base64')).toString();
  const literals = code.match(/(?<=")[a-z][a-z ]{20,}(?=")/g) ?? [];
  expect(literals.length).toBeGreaterThan(10);
  for (const text of literals) expect(held).toContain(text);
});

test('no control character of the code is in it: YAML cannot contain one', async () => {
  expect(await template()).not.toMatch(/[^\P{Cc}\n]/u);
});
