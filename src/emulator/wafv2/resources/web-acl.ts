import { randomUUID } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import { resourceName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { read } from '../../kernel/properties.ts';
import { actionsOn, actionTable, type ResourceProvider, type ResourceStep } from '../../kernel/resource-provider.ts';
import type { WafLimits } from '../limits.ts';
import { readWebAcl } from '../read-web-acl.ts';
import { nonexistent, type WafStore, type WebAcl } from '../store.ts';

const TAG = 'wafv2:TagResource wafv2:UntagResource';

/** AWS::WAFv2::WebACL. `Ref` is `{name}|{id}|{scope}`. */
export function webAclProvider(store: WafStore, limits: WafLimits): ResourceProvider {
  const idOf = ({ name, id, scope }: WebAcl) => `${name}|${id}|${scope}`;
  const find = (physicalId: string) => [...store.webAcls.values()].find((acl) => idOf(acl) === physicalId);
  return {
    type: 'AWS::WAFv2::WebACL',
    createOnly: 'Name Scope',
    mutable: 'DefaultAction Description Rules VisibilityConfig Tags',
    required: 'DefaultAction Scope VisibilityConfig',
    // CloudFormation puts no tags of its own on web ACLs.
    actions: actionTable(aclArn, {
      create: [
        'wafv2:CreateWebACL wafv2:GetWebACL wafv2:ListTagsForResource',
        (step) => (step.hasStackTags ? actionsOn(aclArn(step), 'wafv2:TagResource') : []),
        (step) => ruleGroups(step, 'wafv2:CreateWebACL'),
      ],
      update: [
        'wafv2:GetWebACL wafv2:ListTagsForResource wafv2:UpdateWebACL',
        [TAG, 'Tags'],
        (step) => ruleGroups(step, 'wafv2:UpdateWebACL'),
      ],
      delete: ['wafv2:DeleteWebACL wafv2:GetWebACL'],
      tag: [TAG],
    }),
    put(step) {
      const { physicalId, properties, context } = step;
      const known = physicalId === undefined ? undefined : find(physicalId);
      if (physicalId !== undefined && !known) throw nonexistent();
      const rules = readWebAcl(properties, limits);
      const { name, id } = known ?? { name: resourceName(step, 'Name', 128), id: randomUUID() };
      if (!known && [...store.webAcls.values()].some((acl) => acl.name === name)) {
        const message =
          'AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.';
        throw new AwsError('WAFDuplicateItemException', 400, message);
      }
      const own = arn(context, 'wafv2', `${scopeSegment(rules.scope)}/webacl/${name}/${id}`);
      const acl = { ...rules, name, id, arn: own };
      store.webAcls.set(acl.arn, acl);
      return { physicalId: idOf(acl), attributes: { Arn: acl.arn, Id: id } };
    },
    delete({ physicalId }) {
      const acl = find(physicalId);
      if (!acl) return;
      if ([...store.associations.values()].includes(acl.arn)) {
        const message =
          'AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.';
        throw new AwsError('WAFAssociatedItemException', 400, message);
      }
      store.webAcls.delete(acl.arn);
    },
  };
}

/** Managed rule groups are also resources of the call (service authorization reference of WAF V2). */
function ruleGroups(step: ResourceStep, action: string) {
  const scope = scopeSegment(read.string(step.properties, 'Scope'));
  const isUsed = JSON.stringify(step.properties['Rules'] ?? []).includes('ManagedRuleGroup');
  return isUsed ? actionsOn(arn(step.context, 'wafv2', `${scope}/managedruleset/*/*`), action) : [];
}

function aclArn(step: ResourceStep): string {
  const [physicalId, id = '*'] = step.physicalId?.split('|') ?? [];
  const name = resourceName({ ...step, physicalId }, 'Name', 128);
  const scope = scopeSegment(read.string(step.properties, 'Scope'));
  return arn(step.context, 'wafv2', `${scope}/webacl/${name}/${id}`);
}

/** The scope as ARNs have it. */
function scopeSegment(scope: string | undefined): string {
  return scope === 'CLOUDFRONT' ? 'global' : 'regional';
}

/** AWS::WAFv2::WebACLAssociation: a web ACL protects a stage of an API. A resource has at most one, the newest. */
export function webAclAssociationProvider(store: WafStore, resourceExists: (arn: string) => boolean): ResourceProvider {
  // Both the web ACL and the stage in API Gateway have to allow an association.
  const on = (action: string) => (step: ResourceStep) => [
    ...actionsOn(read.required(step.properties, 'WebACLArn'), `${action} wafv2:GetWebACL`),
    ...actionsOn(
      read.required(step.properties, 'ResourceArn'),
      `${action} apigateway:SetWebACL wafv2:GetWebACLForResource`,
    ),
  ];
  return {
    type: 'AWS::WAFv2::WebACLAssociation',
    createOnly: 'ResourceArn WebACLArn',
    required: 'ResourceArn WebACLArn',
    actions: { create: on('wafv2:AssociateWebACL'), update: () => [], delete: on('wafv2:DisassociateWebACL') },
    put({ physicalId, properties }) {
      if (physicalId !== undefined) return { physicalId, attributes: {} };
      const resourceArn = read.required(properties, 'ResourceArn');
      const webAclArn = read.required(properties, 'WebACLArn');
      const acl = store.webAcls.get(webAclArn);
      if (!acl) throw nonexistent(`the web ACL ${webAclArn} (option webAcls)`);
      // API reference, AssociateWebACL: not for CloudFront distributions.
      if (acl.scope !== 'REGIONAL' || !resourceExists(resourceArn)) throw nonexistent(`the resource ${resourceArn}`);
      store.associations.set(resourceArn, webAclArn);
      return { physicalId: `${resourceArn}|${webAclArn}`, attributes: {} };
    },
    delete({ properties }) {
      const resourceArn = read.required(properties, 'ResourceArn');
      // A replacement has taken its place already.
      if (store.associations.get(resourceArn) !== read.required(properties, 'WebACLArn')) return;
      store.associations.delete(resourceArn);
    },
  };
}
