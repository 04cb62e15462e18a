import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { OutputName, ParameterValues } from '../../src/aws/stack-values.ts';
import { UsageError } from '../../src/cli/errors.ts';
import { checkSettings } from '../../src/stack/check-settings.ts';
import type { Setting } from '../../src/stack/settings/setting.ts';
import { SETTING_ROWS, SETTINGS } from '../../src/stack/settings/settings.ts';
import type { TemplateValue } from '../../src/templates/prepared-template.ts';
import { readStackTemplate } from '../../src/templates/read-template.ts';
import { AGENT_ARN } from '../helpers/chain.ts';
import { jsonLines, runCli } from '../helpers/run-cli.ts';

interface YamlParameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
}

const TEMPLATE = parse(readFileSync(new URL('../../src/templates/stack.yaml', import.meta.url), 'utf8'), {
  logLevel: 'silent',
}) as { readonly Parameters: Readonly<Record<string, YamlParameter>>; readonly Outputs: Readonly<Record<string, unknown>> };

const ROWS = SETTING_ROWS.filter(([, { takes }]) => takes !== undefined);

/** No form, no choice and no number: it has a blank and a quotation mark. */
const WRONG = 'not "good';

const flagOf = ({ flag = '' }: Setting): string => flag.split(' ')[0] ?? '';

/** Wrong values of a setting: one of no form, and those on both sides of a range. */
function wrongValues({ takes }: Setting): readonly string[] {
  const { range, toTyped = String } = takes ?? {};
  if (!range) return [WRONG];
  const outside = [range.least - 1, range.most + 1].map((value) => toTyped(String(value)));
  return [WRONG, ...outside];
}

test('each parameter of the template has a row, and each row a parameter', () => {
  expect(Object.keys(SETTINGS).toSorted()).toEqual(Object.keys(TEMPLATE.Parameters).toSorted());
});

test.each(SETTING_ROWS)('%s allows what the template allows', (name, setting) => {
  const { AllowedValues, MinValue, MaxValue, Type } = TEMPLATE.Parameters[name] as YamlParameter;
  const { takes, allowed } = setting;
  const choices =
    (setting.switch && ['off', setting.switch.on]) ?? takes?.choices?.map((choice) => takes.parse('--x')(choice)) ?? allowed;
  expect(choices).toEqual(AllowedValues?.map(String));
  const { least, most = Number.MAX_SAFE_INTEGER } = takes?.range ?? {};
  expect([least, most]).toEqual([MinValue, MaxValue ?? Number.MAX_SAFE_INTEGER]);
  // A number has bounds in both, or is one of a closed set.
  if (Type === 'Number') expect(choices ?? least).toBeDefined();
});

test.each(ROWS)('%s: the default, as it is typed, is a value that the flag takes', (_, setting) => {
  const { takes, default: value = '' } = setting;
  const typed = takes?.toTyped?.(value) ?? value;
  expect(takes?.parse(flagOf(setting))(typed)).toBe(value);
});

test.each([
  ['AgentQualifier', ['DEFAULT', 'beta_2', 'a'.repeat(48)]],
  ['UserIdFrom', ['', 'sub', 'principal', 'claim:tenant']],
  ['CorsOrigins', ['', '*', 'https://app.example', 'http://localhost:3000']],
  ['FlushMode', ['auto', 'off', '1', '99999', '100000', '129999']],
] as const)('%s: what the flag takes matches the pattern of the template', (name, values) => {
  const { AllowedPattern = '' } = TEMPLATE.Parameters[name] as YamlParameter;
  const pattern = new RegExp(AllowedPattern);
  for (const value of values) {
    expect([value, SETTINGS[name].takes.parse('--x')(value)]).toEqual([value, value]);
    expect(value).toMatch(pattern);
  }
  for (const value of ['0', '130000', '1.5', WRONG, ...values.slice(1).map((each) => `${each} `)]) {
    const isTaken = ((): boolean => {
      try {
        return SETTINGS[name].takes.parse('--x')(value) === value;
      } catch (error) {
        if (error instanceof UsageError) return false;
        throw error;
      }
    })();
    expect([value, isTaken && !pattern.test(value)]).toEqual([value, false]);
  }
});

test('every output of the template has a name, and every name an output', () => {
  // A renderer adds `Handler` for a handler of the user's own.
  const names: Readonly<Record<Exclude<OutputName, 'Handler'>, true>> = {
    Url: true,
    ApiUrl: true,
    ApiId: true,
    StageName: true,
    EndpointType: true,
    AuthMode: true,
    ApiKeyId: true,
    OtherApiKeyId: true,
    DomainName: true,
    DomainTarget: true,
    AccessLogGroupName: true,
    WafAclArn: true,
    AlarmTopicArn: true,
    MaxConcurrency: true,
    FunctionName: true,
    LogGroupName: true,
    AgentRuntimeArn: true,
  };
  expect(Object.keys(names).toSorted()).toEqual(Object.keys(TEMPLATE.Outputs).toSorted());
});

describe('the template itself', () => {
  let resources: Readonly<Record<string, { Type: string; Condition?: string; Properties?: TemplateValue }>>;
  let conditions: Readonly<Record<string, TemplateValue>>;
  beforeAll(async () => {
    ({ Resources: resources, Conditions: conditions } = (await readStackTemplate()).sections);
  });

  /** Parameters that a value depends on, those of its conditions included. */
  function dependencies(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap(dependencies);
    if (typeof value === 'string') {
      return [...value.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
    }
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
      if (key === 'Ref') return [String(child)];
      if (key === 'Condition') return dependencies(conditions[String(child)]);
      if (key !== 'Fn::If') return dependencies(child);
      const [condition, ...rest] = child as unknown[];
      return [...dependencies(conditions[String(condition)]), ...dependencies(rest)];
    });
  }

  test('the settings that shape the API are those that the snapshot of it depends on', () => {
    const SNAPSHOT = /^AWS::ApiGateway::(RestApi|Authorizer|Resource|Method|GatewayResponse)$/;
    const found = Object.values(resources)
      .filter(({ Type }) => SNAPSHOT.test(Type))
      .flatMap(({ Condition, Properties }) => dependencies({ Condition, Properties }))
      .filter((name) => Object.hasOwn(SETTINGS, name));
    const shaping = SETTING_ROWS.flatMap(([name, { shapesApi }]) => (shapesApi ? [name] : []));
    expect(shaping.toSorted()).toEqual([...new Set(found)].toSorted());
  });

  test('the variables of the function are those of the table', () => {
    const { Properties } = resources['Function'] as { Properties: TemplateValue };
    const { Environment } = Properties as unknown as { Environment: { Variables: Readonly<Record<string, unknown>> } };
    const byVariable = SETTING_ROWS.flatMap(([name, { variable }]) => (variable === undefined ? [] : [[variable, name]]));
    expect(Object.entries(Environment.Variables).map(([name, value]) => [name, dependencies(value)[0]])).toEqual(
      expect.arrayContaining(byVariable),
    );
    expect(byVariable).toHaveLength(Object.keys(Environment.Variables).length);
  });
});

describe('a wrong value is refused before anything is done', () => {
  const home = { HOME: '/nowhere' };
  const cases = ROWS.flatMap(([, setting]) => wrongValues(setting).map((value) => [flagOf(setting), value, setting] as const));

  test.each(['deploy', 'template', 'dev', 'iam-policy'])('by %s', async (command) => {
    for (const [flag, value, { takes }] of cases) {
      const agent = ['--agent-arn', AGENT_ARN];
      const args = [command, ...agent, `${flag}=${value}`, ...(command === 'dev' ? ['--json'] : [])];
      const { exitCode, stdout, stderr } = await runCli(args, { env: home });
      expect([flag, value, exitCode]).toEqual([flag, value, 2]);
      expect(stderr).toContain(`${flag} takes `);
      expect(stderr).toContain(`not ${value}`);
      for (const choice of takes?.choices ?? []) expect(stderr).toContain(choice);
      if (command === 'dev') {
        const error = { code: expect.stringMatching(/^INVALID_(VALUE|NUMBER|DURATION)$/) };
        expect(jsonLines(stdout)).toMatchObject([{ type: 'result', ok: false, error }]);
      } else expect(stdout).toBe('');
    }
  });

  test.each([
    [['invoke', '--hop', 'lambada', 'hi'], '--hop takes one of api, lambda, agentcore, not lambada'],
    [['chat', '--hop', 'lambada'], '--hop takes one of api, lambda, agentcore, not lambada'],
    [['bench', '--hop', 'api,lambada'], 'not a hop: lambada'],
    [['invoke', '--qualifier', 'no good', 'hi'], '--qualifier takes a letter and up to 47'],
    [['bench', '--qualifier', 'no good'], '--qualifier takes a letter and up to 47'],
    [['logs', '--source', 'api'], '--source takes one of function, access, not api'],
    [['openapi', '--auth', 'key'], '--auth takes one of api-key, iam, cognito, lambda, none, not key'],
    [['iam-policy', '--for', 'fun'], '--for takes one of deploy, run, destroy, not fun'],
    [['bench', '--probe', 'count=3,interval=3m,first=1ms'], 'the probe would last 360 s'],
    [['dev', '--time-scale', '301'], '--time-scale takes a whole number from 1 to 300, not 301'],
    [['dev', '--port', '65536'], '--port takes a whole number from 0 to 65535, not 65536'],
    [['key', 'rotate', '--grace', '25h'], '--grace takes a time such as'],
    [['deploy', '--tag', 'aws:x=1'], '--tag takes key=value, not aws:x=1'],
    [['deploy', '--role-arn', 'someone'], '--role-arn takes the ARN of a role, not someone'],
  ])('%j', async (args, message) => {
    const { exitCode, stdout, stderr } = await runCli(args, { env: home });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});

test.each([
  [['--log-retention', '2'], '--log-retention takes one of 1, 3, 5, 7, 14,', 'not 2'],
  [['--log-retention', ''], '--log-retention takes one of 1, 3,', '3653'],
  [['--qualifier', 'no good'], '--qualifier takes a letter and up to 47', 'not no good'],
  [['--qualifier', ''], '--qualifier takes a letter and up to 47', 'not nothing'],
])('%j is refused before CloudFormation sees it', async (args, message, more) => {
  const result = await runCli(['template', ...args]);
  expect([result.exitCode, result.stdout]).toEqual([2, '']);
  expect(result.stderr).toContain(message);
  expect(result.stderr).toContain(more);
});

test('the days are those of the template', () => {
  const isAllowed = (days: number): boolean => {
    try {
      return SETTINGS.LogRetentionDays.takes.parse('--x')(String(days)) === String(days);
    } catch (error) {
      if (error instanceof UsageError) return false;
      throw error;
    }
  };
  const taken = Array.from({ length: 4_000 }, (_, days) => days).filter(isAllowed);
  expect(taken).toEqual(TEMPLATE.Parameters['LogRetentionDays']?.AllowedValues);
});

test('names that AgentCore takes go through', async () => {
  const result = await runCli(['template', '--qualifier', 'beta_2', '--log-retention', '30']);
  expect([result.exitCode, result.stderr]).toEqual([0, '']);
});

test.each<[code: string, values: ParameterValues, current?: ParameterValues]>([
  ['MISSING_OPTION', { AuthMode: 'cognito' }],
  ['CONFLICTING_OPTIONS', { EndpointType: 'EDGE', HeartbeatMs: '30000' }],
  ['UNSUPPORTED_CHANGE', { EndpointType: 'EDGE', HeartbeatMs: '15000' }, { EndpointType: 'PRIVATE' }],
])('settings that cannot be are refused with the code %s', (code, values, current) => {
  expect(() => checkSettings(values, current)).toThrow(expect.objectContaining({ code }));
});
