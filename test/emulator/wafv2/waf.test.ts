import { describe, expect, test } from 'vitest';
import type { Properties } from '../../../src/emulator/kernel/resource-provider.ts';
import { WAF_LIMITS } from '../../../src/emulator/wafv2/limits.ts';
import { createWaf } from '../../../src/emulator/wafv2/service.ts';
import { handlersOf } from '../resource-handlers.ts';

const PLACE = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
const CONTEXT = { ...PLACE, stackName: 'stack', stackId: 'id', logicalId: 'WebAcl' };
const STAGE = 'arn:aws:apigateway:eu-central-1::/restapis/abc/stages/v1';
const VISIBILITY = { CloudWatchMetricsEnabled: true, MetricName: 'm', SampledRequestsEnabled: false };
const rate = (Limit: number, more: Properties = {}, Priority = 1, Action: Properties = { Block: {} }) => ({
  Name: `rate-${Priority}`,
  Priority,
  Statement: { RateBasedStatement: { Limit, AggregateKeyType: 'IP', ...more } },
  Action,
  VisibilityConfig: VISIBILITY,
});
const MANAGED = {
  Name: 'common',
  Priority: 0,
  Statement: {
    ManagedRuleGroupStatement: {
      VendorName: 'AWS',
      Name: 'AWSManagedRulesCommonRuleSet',
      RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }],
    },
  },
  OverrideAction: { None: {} },
  VisibilityConfig: VISIBILITY,
};
const acl = (Rules: Properties[], more: Properties = {}): Properties => ({
  Scope: 'REGIONAL',
  DefaultAction: { Allow: {} },
  VisibilityConfig: VISIBILITY,
  Rules: Rules,
  ...more,
});

function start({ timeScale = 1, existing = [] as string[] } = {}) {
  let now = 0;
  const waf = createWaf({
    place: PLACE,
    limits: { ...WAF_LIMITS, timeScale },
    existing,
    resourceExists: (arn) => arn === STAGE,
    now: () => now,
  });
  const provider = (type: string) => handlersOf(waf, `AWS::WAFv2::${type}`);
  return {
    waf,
    provider,
    wait: (ms: number) => void (now += ms),
    make: (properties: Properties) => provider('WebACL').create(properties, CONTEXT),
    associate: (WebACLArn: string, ResourceArn = STAGE) =>
      provider('WebACLAssociation').create({ ResourceArn, WebACLArn }, CONTEXT),
    /** What each of so many requests of an address gets. */
    send: (count: number, sourceIp = '192.0.2.1') => Array.from({ length: count }, () => waf.inspect(STAGE, { sourceIp })),
  };
}
const allowed = (count: number) => Array.from({ length: count }, () => 'allow');

describe('a rate-based rule', () => {
  test('lets a limit of requests of an address pass in five minutes, the next ones not', async () => {
    const { make, associate, send, wait } = start();
    const { attributes } = await make(acl([MANAGED, rate(10)]));
    expect(send(1)).toEqual([undefined]);
    await associate(attributes['Arn'] as string);
    expect(send(5)).toEqual(allowed(5));
    wait(200_000);
    expect(send(6)).toEqual([...allowed(5), 'block']);
    expect(send(1, '192.0.2.2')).toEqual(['allow']);
    // The first five are out of the window; the six since count.
    wait(101_000);
    expect(send(5)).toEqual([...allowed(4), 'block']);
    wait(300_000);
    expect(send(1)).toEqual(['allow']);
  });

  test('has a window of its own, in the scale of time, and may count all callers together', async () => {
    const { make, associate, send, wait } = start({ timeScale: 60 });
    const rule = rate(10, { EvaluationWindowSec: 60, AggregateKeyType: 'CONSTANT' });
    await associate((await make(acl([rule]))).attributes['Arn'] as string);
    expect([...send(5, 'a'), ...send(6, 'b')]).toEqual([...allowed(10), 'block']);
    wait(1_001);
    expect(send(1, 'a')).toEqual(['allow']);
  });

  test('that counts ends nothing, and one that comes first decides', async () => {
    const { make, associate, send, provider } = start();
    const made = await make(acl([rate(10, {}, 2), rate(10, {}, 1, { Count: {} })]));
    await associate(made.attributes['Arn'] as string);
    expect(send(11).at(-1)).toBe('block');
    const update = (properties: Properties) => provider('WebACL').update(made.physicalId, properties, {}, CONTEXT);
    await update(acl([rate(12, {}, 2), rate(11, {}, 1, { Allow: {} })]));
    expect(send(14)).toEqual(allowed(14));
    await update(acl([], { DefaultAction: { Block: {} } }));
    expect(send(1)).toEqual(['block']);
  });
});

test('an ACL that is in use cannot be deleted, and one from elsewhere lets all pass', async () => {
  const existing = 'arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/theirs/1';
  const { make, associate, send, provider, waf } = start({ existing: [existing] });
  const made = await make(acl([rate(10)]));
  const arn = made.attributes['Arn'] as string;
  expect(arn).toMatch(/^arn:aws:wafv2:eu-central-1:123456789012:regional\/webacl\/stack-WebAcl-/);
  await associate(arn);
  const remove = () => provider('WebACL').delete(made.physicalId, {}, CONTEXT);
  await expect(remove()).rejects.toThrow('being used by another resource');
  // A replacement is there before the old one goes.
  await associate(existing);
  await provider('WebACLAssociation').delete('', { ResourceArn: STAGE, WebACLArn: arn }, CONTEXT);
  expect(waf.webAclOf(STAGE)).toBe(existing);
  expect(send(20)).toEqual(allowed(20));
  expect(waf.inventory().webAcls).toHaveLength(1);
  await remove();
  expect(waf.inventory().webAcls).toEqual([]);
  await expect(associate(arn)).rejects.toThrow('your resource doesn’t exist');
  await expect(associate(existing, `${STAGE}2`)).rejects.toThrow('your resource doesn’t exist');
});

test.each([
  ['a limit below 10', acl([rate(9)]), 'at least 10'],
  ['another window', acl([rate(10, { EvaluationWindowSec: 30 })]), '30 s'],
  ['another aggregate key', acl([rate(10, { AggregateKeyType: 'FORWARDED_IP' })]), 'FORWARDED_IP'],
  ['two rules of one priority', acl([rate(10), rate(20)]), 'priority'],
  ['no action', acl([{ ...rate(10), Action: {} }]), 'action'],
  ['a rule group with an action', acl([{ ...MANAGED, Action: { Block: {} } }]), 'OverrideAction'],
  ['no default action', acl([], { DefaultAction: {} }), 'action'],
  ['another statement', acl([{ ...rate(10), Statement: { GeoMatchStatement: {} } }]), 'GeoMatchStatement'],
])('%s is refused', async (_, properties, message) => {
  await expect(start().make(properties)).rejects.toThrow(message);
});
