import { expect, test } from 'vitest';
import { handlerActions, SCHEMA_PERMISSIONS } from '../../../src/emulator/kernel/handler-actions.ts';
import type { ResourceStep } from '../../../src/emulator/kernel/resource-provider.ts';

const STEP: ResourceStep = {
  physicalId: 'thing',
  properties: {},
  previous: {},
  context: {
    partition: 'aws',
    region: 'eu-west-1',
    accountId: '000000000000',
    stackName: 'stack',
    logicalId: 'Thing',
    nameSuffix: 'SUFFIX',
  },
  hasStackTags: false,
  readsUnset: true,
};
const TYPES = Object.keys(SCHEMA_PERMISSIONS);
const names = (actions: readonly { readonly action: string }[] | undefined) => actions?.map(({ action }) => action);

test.each(TYPES)('without rules, %s asks for what the schema lists, tags by their own rule', (type) => {
  const schema = SCHEMA_PERMISSIONS[type];
  const actions = handlerActions(type, { on: () => 'arn' });
  const service = type.split('::')[1]?.toLowerCase();
  const listed = (text = '') =>
    text
      .split(' ')
      .filter((name) => name !== '')
      .map((name) => (name.includes(':') ? name : `${service}:${name}`));
  const untagged = (text?: string) => listed(text).filter((name) => !/:(?:Tag|Untag|List\w*Tags)/.test(name));
  for (const handler of ['create', 'update', 'delete'] as const) {
    expect(names(actions[handler](STEP))?.filter((name) => !/:(?:Tag|List\w*Tags)/.test(name))).toEqual(
      untagged(schema?.[handler]),
    );
  }
  const tags = names(actions.create(STEP))?.some((name) => /:Tag/.test(name)) === true;
  expect(tags).toBe(schema?.systemTags === true && listed(schema.create).some((name) => /:Tag/.test(name)));
});

test('a property decides about the actions that are for it', () => {
  const {
    create,
    update,
    delete: remove,
  } = handlerActions('AWS::IAM::Role', {
    on: () => 'arn',
    when: { 'iam:PutRolePolicy': 'Policies', 'iam:DeleteRolePolicy': 'Policies' },
    reads: 'iam:GetRolePolicy',
    unset: 'iam:Attach* iam:DetachRolePolicy',
    also: { delete: 'iam:ListInstanceProfilesForRole' },
  });
  const has = { ...STEP, properties: { Policies: [] } };
  expect(names(create(STEP))).toEqual(['iam:CreateRole', 'iam:GetRolePolicy', 'iam:GetRole']);
  expect(names(create({ ...has, readsUnset: false }))).toEqual(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:GetRole']);
  expect(names(update({ ...has, previous: has.properties }))).not.toContain('iam:PutRolePolicy');
  expect(names(update(has))).toContain('iam:PutRolePolicy');
  expect(names(remove(STEP))).not.toContain('iam:DeleteRolePolicy');
  expect(names(remove(STEP))).toContain('iam:ListInstanceProfilesForRole');
});

test('a type without a schema is a mistake of the program', () => {
  expect(() => handlerActions('AWS::S3::Bucket', { on: () => '*' })).toThrow('no schema of AWS::S3::Bucket');
});
