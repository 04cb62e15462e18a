import { generatePhysicalName } from '../kernel/physical-name.ts';
import { arn } from '../kernel/place.ts';
import { readString, requireString } from '../kernel/properties.ts';
import {
  actionsOn,
  isChanged,
  type ResourceActions,
  type ResourceStep,
} from '../kernel/resource-provider.ts';

/** Of AWS::WAFv2::WebACL. CloudFormation puts no tags of its own on web ACLs. */
const WEB_ACL: ResourceActions = {
  create: (step) => [
    ...actionsOn(
      aclArn(step),
      'wafv2:CreateWebACL',
      'wafv2:GetWebACL',
      'wafv2:ListTagsForResource',
      ...(step.hasStackTags ? ['wafv2:TagResource'] : []),
    ),
    ...ruleGroups(step, 'wafv2:CreateWebACL'),
  ],
  update: (step) => [
    ...actionsOn(
      aclArn(step),
      'wafv2:GetWebACL',
      'wafv2:ListTagsForResource',
      'wafv2:UpdateWebACL',
      ...(isChanged(step, 'Tags') ? ['wafv2:TagResource', 'wafv2:UntagResource'] : []),
    ),
    ...ruleGroups(step, 'wafv2:UpdateWebACL'),
  ],
  delete: (step) => actionsOn(aclArn(step), 'wafv2:DeleteWebACL', 'wafv2:GetWebACL'),
  tag: (step) => actionsOn(aclArn(step), 'wafv2:TagResource', 'wafv2:UntagResource'),
};

/** Of AWS::WAFv2::WebACLAssociation with a stage: both the ACL and API Gateway have a say. */
const ASSOCIATION: ResourceActions = {
  create: (step) => associate(step, 'wafv2:AssociateWebACL'),
  update: () => [],
  delete: (step) => associate(step, 'wafv2:DisassociateWebACL'),
};

export const WAF_ACTIONS: Readonly<Record<string, ResourceActions>> = {
  'AWS::WAFv2::WebACL': WEB_ACL,
  'AWS::WAFv2::WebACLAssociation': ASSOCIATION,
};

function associate(step: ResourceStep, action: string) {
  const stage = requireString(step.properties, 'ResourceArn');
  return [
    ...actionsOn(requireString(step.properties, 'WebACLArn'), action, 'wafv2:GetWebACL'),
    ...actionsOn(stage, action, 'apigateway:SetWebACL', 'wafv2:GetWebACLForResource'),
  ];
}

/** Managed rule groups are resources of the call as well (service authorization reference of WAF V2). */
function ruleGroups(step: ResourceStep, action: string) {
  const isUsed = JSON.stringify(step.properties['Rules'] ?? []).includes('ManagedRuleGroup');
  return isUsed
    ? actionsOn(arn(step.context, 'wafv2', `${scope(step)}/managedruleset/*/*`), action)
    : [];
}

function aclArn(step: ResourceStep): string {
  const { physicalId, properties, context } = step;
  const [given, id = '*'] = physicalId?.split('|') ?? [readString(properties, 'Name')];
  const name = given ?? generatePhysicalName(context, 128);
  return arn(context, 'wafv2', `${scope(step)}/webacl/${name}/${id}`);
}

function scope({ properties }: ResourceStep): string {
  return readString(properties, 'Scope') === 'CLOUDFRONT' ? 'global' : 'regional';
}
