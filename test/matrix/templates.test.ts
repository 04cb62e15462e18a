import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createTemplateRenderer, type TemplateRenderer } from '../../src/stack/template-renderer.ts';
import { MAX_TEMPLATE_BYTES } from '../../src/templates/render.ts';
import { checkProperties } from './check-properties.ts';
import { ALL_OFF, DIMENSIONS, IMAGINED, isAllowedRow, rowParameters } from './option-space.ts';
import { allowedPairs, keyOf, pairsOf, pairwise, type Row } from './pairwise.ts';
import { parseTemplate, type ResolvedTemplate, resolveTemplate } from './resolve-template.ts';

const ROWS = pairwise(DIMENSIONS, isAllowedRow);

/** What a stack without any option is made of. */
const BASE = [
  'FunctionLogGroup',
  'FunctionRole',
  'Function',
  'FunctionPermission',
  'Api',
  'InvokeResource',
  'ProbeResource',
  'InvokePostMethod',
  'InvokeDeleteMethod',
  'ProbePostMethod',
  'InvokeOptionsMethod',
  'ProbeOptionsMethod',
  'ClientErrorResponse',
  'ServerErrorResponse',
  'ApiDeployment',
  'Stage',
  'ApiKey',
  'UsagePlan',
  'UsagePlanKey',
];

/** Those that only come with an option, by the option's value that brings them. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  'auth=cognito': ['CognitoAuthorizer'],
  'auth=scopes': ['CognitoAuthorizer'],
  'auth=lambda': ['LambdaAuthorizer', 'AuthorizerPermission'],
  'domain=plain': ['Domain', 'DomainMapping'],
  'domain=zone': ['Domain', 'DomainMapping', 'DomainRecord', 'DomainRecordV6'],
  'domain=path': ['Domain', 'DomainMapping', 'DomainRecord', 'DomainRecordV6'],
  'waf=managed': ['WebAcl', 'WebAclAssociation'],
  'waf=own': ['WebAclAssociation'],
  'accessLog=on': ['AccessLogGroup'],
  'dashboard=on': ['Overview'],
  'alarms=email': ['AlarmTopic', 'AlarmSubscription', 'ErrorsAlarm', 'ThrottlesAlarm'],
  'alarms=topic': ['ErrorsAlarm', 'ThrottlesAlarm'],
  'key=b': ['ApiKeyB', 'UsagePlanKeyB'],
  'key=both': ['ApiKeyB', 'UsagePlanKeyB'],
};

let renderer: TemplateRenderer;
/** Every parameter and condition. */
let full: TemplateRenderer;
beforeAll(async () => {
  full = await createTemplateRenderer(undefined, { isFull: true });
  renderer = await createTemplateRenderer(undefined, { asDefaults: true });
});

const withoutHash = (name: string): string => name.replace(/^(ApiDeployment)[0-9a-f]{10}$/, '$1');

const withoutHashes = (template: ResolvedTemplate): unknown =>
  JSON.parse(JSON.stringify(template).replaceAll(/(ApiDeployment)[0-9a-f]{10}/g, '$1'));

const resourcesOf = (parameters: Record<string, string>): string[] => {
  const { resources } = resolveTemplate(renderer.render(parameters).body, parameters);
  return Object.keys(resources).map(withoutHash);
};

test('every allowed pair of values is in the matrix', () => {
  const covered = new Set(ROWS.flatMap(pairsOf).map(keyOf));
  const missing = allowedPairs(DIMENSIONS, isAllowedRow)
    .map(keyOf)
    .filter((key) => !covered.has(key));
  expect(missing).toEqual([]);
  expect(ROWS.filter((row) => !isAllowedRow(row))).toEqual([]);
  console.log(`${ROWS.length} combinations have all ${covered.size} pairs`);
});

test('without options there is only what a stack needs', () => {
  expect(resourcesOf(rowParameters(ALL_OFF, IMAGINED))).toEqual(BASE);
});

test.each(Object.keys(DIMENSIONS))('%s adds its own resources, and none when off', (name) => {
  for (const value of DIMENSIONS[name] ?? []) {
    const isAlone = isAllowedRow({ ...ALL_OFF, [name]: value });
    const others = isAlone ? ALL_OFF : { ...ALL_OFF, auth: 'lambda', cors: 'one' };
    const without = resourcesOf(rowParameters(others, IMAGINED));
    const names = resourcesOf(rowParameters({ ...others, [name]: value }, IMAGINED));
    const added = names.filter((each) => !without.includes(each));
    expect([value, added]).toEqual([value, ADDED[`${name}=${value}`] ?? []]);
  }
});

test('resources of two options come only with both', () => {
  const added = (row: Row): string[] =>
    resourcesOf(rowParameters({ ...ALL_OFF, ...row }, IMAGINED)).filter((each) => /^(FirstContent|Concurrency)/.test(each));
  expect(added({ accessLog: 'on', dashboard: 'on' })).toEqual(['FirstContentFilter']);
  expect(added({ accessLog: 'on', alarms: 'email' })).toEqual(['FirstContentFilter', 'FirstContentAlarm']);
  expect(added({ cap: 'on', alarms: 'topic' })).toEqual(['ConcurrencyAlarm']);
  expect(added({ accessLog: 'on', cap: 'on' })).toEqual([]);
});

test('every combination fits, and its properties are as the resource types say', () => {
  const sizes = ROWS.map((row) => {
    const parameters = rowParameters(row, IMAGINED);
    const { body: text } = renderer.render(parameters);
    const { resources } = resolveTemplate(text, parameters);
    const wrong = Object.entries(resources).flatMap(([name, { Type, Properties = {} }]) =>
      checkProperties(Type, Properties).map((words) => `${name}: ${words}`),
    );
    expect([row, wrong]).toEqual([row, []]);
    return Buffer.byteLength(text);
  });
  const largest = Math.max(...sizes);
  console.log(`largest template: ${largest} bytes, ${MAX_TEMPLATE_BYTES - largest} left`);
  expect(largest).toBeLessThan(MAX_TEMPLATE_BYTES);
});

test('a template without what is off means what the full one means, and takes no other value for what it has decided', () => {
  for (const row of ROWS) {
    const parameters = rowParameters(row, IMAGINED);
    const { body, parameters: taken } = renderer.render(parameters);
    const all = resolveTemplate(full.render(parameters).body, parameters);
    const needed = resolveTemplate(body, Object.fromEntries(Object.entries(parameters).filter(([name]) => taken.has(name))));
    expect(withoutHashes(needed)).toEqual(withoutHashes(all));
    expect(body).toContain(`\n  AuthMode:\n`);
    const { Parameters, Conditions = {} } = parseTemplate(body);
    expect(Parameters['AuthMode']?.AllowedValues).toEqual([parameters['AuthMode']]);
    expect(Object.keys(Conditions)).toEqual(
      parameters['AuthMode'] === 'api-key' ? ['IsSlotA', 'KeepsKeys', 'HasKeyA', 'HasKeyB'] : [],
    );
  }
});

test('a property that a type does not know, lacks or has another kind of is found', () => {
  expect(checkProperties('AWS::SNS::Topic', { Name: 'x', FifoTopic: 'maybe' })).toEqual([
    'AWS::SNS::Topic.Name is unknown',
    'AWS::SNS::Topic.FifoTopic is no boolean: "maybe"',
  ]);
  expect(checkProperties('AWS::WAFv2::WebACL', { Scope: 'GLOBAL', Rules: {} })).toEqual([
    'AWS::WAFv2::WebACL.DefaultAction is missing',
    'AWS::WAFv2::WebACL.VisibilityConfig is missing',
    'AWS::WAFv2::WebACL.Scope is none of CLOUDFRONT, REGIONAL: GLOBAL',
    'AWS::WAFv2::WebACL.Rules is no list',
  ]);
});

/** The templates are the same on every Node.js: the gate lints them once. */
const isLintedElsewhere = process.env['AGENTSTREAM_SKIP_LINT'] === '1';
const lints = !isLintedElsewhere && spawnSync('cfn-lint', ['--version']).status === 0;
if (!lints) console.log(`skipped: cfn-lint, ${isLintedElsewhere ? 'by AGENTSTREAM_SKIP_LINT' : 'which is not installed'}`);

test.skipIf(!lints)('cfn-lint finds nothing in any combination', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
  try {
    const files = [...ROWS, 'full'].map((row, index) => {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, typeof row === 'string' ? full.render({}).body : renderer.render(rowParameters(row, IMAGINED)).body);
      return file;
    });
    const { stdout, status } = spawnSync('cfn-lint', files, { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['', 0]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
