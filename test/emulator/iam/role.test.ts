import { expect, test } from 'vitest';
import { roleProvider } from '../../../src/emulator/iam/resources/role.ts';
import { createIam } from '../../../src/emulator/iam/service.ts';
import type { Properties, ResourceActions, ResourceStep } from '../../../src/emulator/kernel/resource-provider.ts';

const context = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '000000000000',
  stackName: 'stack',
  stackId: 'arn:aws:cloudformation:eu-west-1:000000000000:stack/stack/1',
  logicalId: 'Thing',
  nameSuffix: 'SUFFIX',
};
const step = (properties: Properties, previous: Properties = {}): ResourceStep => ({
  physicalId: 'thing',
  properties,
  previous,
  context,
  hasStackTags: false,
  readsUnset: true,
});

const BOUNDED = { Policies: [{ PolicyName: 'a' }], PermissionsBoundary: 'arn:one' };
const OTHERWISE = { Policies: [{ PolicyName: 'b' }], PermissionsBoundary: 'arn:two' };
const UNBOUNDED = { Policies: [{ PolicyName: 'a' }] };

/** The boundary that each action on a role is asked with; those that do not know the key are left out. */
function boundaries(kind: keyof ResourceActions, of: ResourceStep): Record<string, string> {
  const actions = roleProvider(createIam(context)).actions[kind]?.(of) ?? [];
  return Object.fromEntries(
    actions.flatMap(({ action, context: keys }) => (keys ? [[action, Object.values(keys)[0]]] : [])),
  ) as Record<string, string>;
}

test('calls on a role are asked with its boundary, or the one that they give it', () => {
  expect(boundaries('create', step(BOUNDED))).toEqual({ 'iam:CreateRole': 'arn:one', 'iam:PutRolePolicy': 'arn:one' });
  expect(boundaries('update', step(OTHERWISE, BOUNDED))).toEqual({
    'iam:PutRolePolicy': 'arn:one',
    'iam:DeleteRolePolicy': 'arn:one',
    'iam:PutRolePermissionsBoundary': 'arn:two',
  });
  expect(boundaries('update', step(UNBOUNDED, BOUNDED))).toEqual({ 'iam:DeleteRolePermissionsBoundary': 'arn:one' });
  expect(boundaries('delete', step(BOUNDED))).toEqual({ 'iam:DeleteRolePolicy': 'arn:one' });
  expect(boundaries('create', step(UNBOUNDED))).toEqual({});
});
