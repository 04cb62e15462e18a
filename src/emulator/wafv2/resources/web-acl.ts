import { randomUUID } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import { resourceName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { read } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import {
  actionsOn,
  type ResourceAction,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';
import type { WafLimits } from '../limits.ts';
import { readWebAcl } from '../read-web-acl.ts';
import { nonexistent, type WafStore, type WebAcl } from '../store.ts';

/** AWS::WAFv2::WebACL. `Ref` is `{name}|{id}|{scope}`. */
export function webAclProvider(store: WafStore, limits: WafLimits): ResourceProvider {
  const provisioned = (acl: WebAcl) => {
    store.webAcls.set(acl.arn, acl);
    const { name, id, scope } = acl;
    return { physicalId: `${name}|${id}|${scope}`, attributes: { Arn: acl.arn, Id: id } };
  };
  const byPhysicalId = (physicalId: string): WebAcl | undefined =>
    [...store.webAcls.values()].find(({ name, id, scope }) => `${name}|${id}|${scope}` === physicalId);
  return {
    type: 'AWS::WAFv2::WebACL',
    createOnly: 'Name Scope',
    mutable: 'DefaultAction Description Rules VisibilityConfig Tags',
    required: ['DefaultAction', 'Scope', 'VisibilityConfig'],
    actions: handlerActions('AWS::WAFv2::WebACL', {
      on: aclArn,
      at: { 'wafv2:CreateWebACL': onAclAndRuleGroups, 'wafv2:UpdateWebACL': onAclAndRuleGroups },
    }),
    async create(properties, context) {
      const name = resourceName({ properties, context }, 'Name', 128);
      const read = readWebAcl(properties, limits);
      if ([...store.webAcls.values()].some((acl) => acl.name === name)) {
        throw new AwsError(
          'WAFDuplicateItemException',
          400,
          'AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.',
        );
      }
      const id = randomUUID();
      return provisioned({
        ...read,
        name,
        id,
        arn: arn(context, 'wafv2', `${scopeSegment(read.scope)}/webacl/${name}/${id}`),
      });
    },
    async update(physicalId, properties) {
      const acl = byPhysicalId(physicalId);
      if (!acl) throw nonexistent();
      return provisioned({ ...acl, ...readWebAcl(properties, limits) });
    },
    async delete(physicalId) {
      const acl = byPhysicalId(physicalId);
      if (!acl) return;
      if ([...store.associations.values()].includes(acl.arn)) {
        throw new AwsError(
          'WAFAssociatedItemException',
          400,
          'AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.',
        );
      }
      store.webAcls.delete(acl.arn);
    },
  };
}

/** Managed rule groups are also resources of the call (service authorization reference of WAF V2). */
function onAclAndRuleGroups(step: ResourceStep, action: string): ResourceAction[] {
  const scope = scopeSegment(read.string(step.properties, 'Scope'));
  const isUsed = JSON.stringify(step.properties['Rules'] ?? []).includes('ManagedRuleGroup');
  const groups = isUsed ? [arn(step.context, 'wafv2', `${scope}/managedruleset/*/*`)] : [];
  return [aclArn(step), ...groups].flatMap((resource) => actionsOn(resource, action));
}

function aclArn(step: ResourceStep): string {
  const { physicalId, properties, context } = step;
  const [existing, id = '*'] = physicalId?.split('|') ?? [];
  const name = resourceName({ physicalId: existing, properties, context }, 'Name', 128);
  const scope = scopeSegment(read.string(properties, 'Scope'));
  return arn(context, 'wafv2', `${scope}/webacl/${name}/${id}`);
}

/** The scope as ARNs have it. */
function scopeSegment(scope: string | undefined): string {
  return scope === 'CLOUDFRONT' ? 'global' : 'regional';
}

/** AWS::WAFv2::WebACLAssociation: a web ACL protects a stage of an API. A resource has at most one, the newest. */
export function webAclAssociationProvider(store: WafStore, resourceExists: (arn: string) => boolean): ResourceProvider {
  return {
    type: 'AWS::WAFv2::WebACLAssociation',
    createOnly: 'ResourceArn WebACLArn',
    required: ['ResourceArn', 'WebACLArn'],
    actions: handlerActions('AWS::WAFv2::WebACLAssociation', {
      on: stageArn,
      at: {
        'wafv2:AssociateWebACL': (step, action, handler) => (handler === 'delete' ? [] : onBoth(step, action)),
        'wafv2:DisassociateWebACL': onBoth,
        'wafv2:GetWebACL': onBoth,
      },
      // By their names for rule groups; the handler that was public in 2021 calls neither for stages, and associates nothing on delete.
      unset: 'wafv2:GetPermissionPolicy wafv2:PutPermissionPolicy',
    }),
    async create(properties) {
      const resourceArn = read.required(properties, 'ResourceArn');
      const webAclArn = read.required(properties, 'WebACLArn');
      const acl = store.webAcls.get(webAclArn);
      if (!acl) throw nonexistent(`the web ACL ${webAclArn} (option webAcls)`);
      // API reference, AssociateWebACL: not for CloudFront distributions.
      if (acl.scope !== 'REGIONAL' || !resourceExists(resourceArn)) throw nonexistent(`the resource ${resourceArn}`);
      store.associations.set(resourceArn, webAclArn);
      return { physicalId: `${resourceArn}|${webAclArn}`, attributes: {} };
    },
    update: async (physicalId) => ({ physicalId, attributes: {} }),
    async delete(_physicalId, properties) {
      const resourceArn = read.required(properties, 'ResourceArn');
      // A replacement has taken its place already.
      if (store.associations.get(resourceArn) !== read.required(properties, 'WebACLArn')) return;
      store.associations.delete(resourceArn);
    },
  };
}

function stageArn({ properties }: ResourceStep): string {
  return read.required(properties, 'ResourceArn');
}

/** Both the web ACL and the stage have to allow an association (service authorization reference of WAF V2). */
function onBoth(step: ResourceStep, action: string): ResourceAction[] {
  return [read.required(step.properties, 'WebACLArn'), stageArn(step)].flatMap((each) => actionsOn(each, action));
}
