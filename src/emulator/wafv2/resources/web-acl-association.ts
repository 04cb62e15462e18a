import { requireString } from '../../kernel/properties.ts';
import {
  actionsOn,
  type ResourceActions,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';
import { nonexistent, type WafStore } from '../store.ts';

/** Both the web ACL and the stage in API Gateway have to allow an association. */
const ACTIONS: ResourceActions = {
  create: (step) => associate(step, 'wafv2:AssociateWebACL'),
  update: () => [],
  delete: (step) => associate(step, 'wafv2:DisassociateWebACL'),
};

/** AWS::WAFv2::WebACLAssociation: a web ACL protects a stage of an API. A resource has at most one, the newest. */
export function webAclAssociationProvider(
  store: WafStore,
  resourceExists: (arn: string) => boolean,
): ResourceProvider {
  return {
    type: 'AWS::WAFv2::WebACLAssociation',
    properties: { ResourceArn: 'create-only', WebACLArn: 'create-only' },
    required: ['ResourceArn', 'WebACLArn'],
    actions: ACTIONS,
    async create(properties) {
      const resourceArn = requireString(properties, 'ResourceArn');
      const webAclArn = requireString(properties, 'WebACLArn');
      const acl = store.webAcls.get(webAclArn);
      if (!acl) throw nonexistent(`the web ACL ${webAclArn} (option webAcls)`);
      // API reference, AssociateWebACL: not for CloudFront distributions.
      if (acl.scope !== 'REGIONAL' || !resourceExists(resourceArn))
        throw nonexistent(`the resource ${resourceArn}`);
      store.associations.set(resourceArn, webAclArn);
      return { physicalId: `${resourceArn}|${webAclArn}`, attributes: {} };
    },
    async update(physicalId) {
      return { physicalId, attributes: {} };
    },
    async delete(_physicalId, properties) {
      const resourceArn = requireString(properties, 'ResourceArn');
      // A replacement has taken its place already.
      if (store.associations.get(resourceArn) !== requireString(properties, 'WebACLArn')) return;
      store.associations.delete(resourceArn);
    },
  };
}

function associate(step: ResourceStep, action: string) {
  const stage = requireString(step.properties, 'ResourceArn');
  return [
    ...actionsOn(requireString(step.properties, 'WebACLArn'), action, 'wafv2:GetWebACL'),
    ...actionsOn(stage, action, 'apigateway:SetWebACL', 'wafv2:GetWebACLForResource'),
  ];
}
