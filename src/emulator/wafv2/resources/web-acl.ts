import { randomUUID } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import { arn } from '../../kernel/place.ts';
import { read, resourceName } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import type { ResourceProvider, ResourceStep } from '../../kernel/resource-provider.ts';
import type { WafLimits } from '../limits.ts';
import { readWebAcl } from '../read-web-acl.ts';
import { nonexistent, type WafStore, type WebAcl } from '../store.ts';

/** AWS::WAFv2::WebACL. `Ref` is `{name}|{id}|{scope}`. */
export function webAclProvider(store: WafStore, limits: WafLimits): ResourceProvider {
  const idOf = ({ name, id, scope }: WebAcl) => `${name}|${id}|${scope}`;
  const find = (physicalId: string) => [...store.webAcls.values()].find((acl) => idOf(acl) === physicalId);
  return {
    type: 'AWS::WAFv2::WebACL',
    createOnly: 'Name Scope',
    mutable: 'DefaultAction Description Rules VisibilityConfig Tags',
    required: 'DefaultAction Scope VisibilityConfig',
    actions: handlerActions('AWS::WAFv2::WebACL', {
      on: aclArn,
      at: { 'wafv2:CreateWebACL': aclAndRuleGroups, 'wafv2:UpdateWebACL': aclAndRuleGroups },
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
function aclAndRuleGroups(step: ResourceStep): string[] {
  const scope = scopeSegment(read.string(step.properties, 'Scope'));
  const isUsed = JSON.stringify(step.properties['Rules'] ?? []).includes('ManagedRuleGroup');
  return [aclArn(step), ...(isUsed ? [arn(step.context, 'wafv2', `${scope}/managedruleset/*/*`)] : [])];
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
  const stage = ({ properties }: ResourceStep) => read.required(properties, 'ResourceArn');
  // Both have to allow an association (service authorization reference of WAF V2).
  const both = (step: ResourceStep) => [read.required(step.properties, 'WebACLArn'), stage(step)];
  return {
    type: 'AWS::WAFv2::WebACLAssociation',
    createOnly: 'ResourceArn WebACLArn',
    required: 'ResourceArn WebACLArn',
    actions: handlerActions('AWS::WAFv2::WebACLAssociation', {
      on: stage,
      at: {
        'wafv2:AssociateWebACL': (step, handler) => (handler === 'delete' ? [] : both(step)),
        'wafv2:DisassociateWebACL': both,
        'wafv2:GetWebACL': both,
      },
      // By their names for rule groups; the handler that was public in 2021 calls neither for stages, and associates nothing on delete.
      unset: 'wafv2:GetPermissionPolicy wafv2:PutPermissionPolicy',
    }),
    put({ properties }) {
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
