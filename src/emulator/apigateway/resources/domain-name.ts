import { arn } from '../../kernel/place.ts';
import { read } from '../../kernel/properties.ts';
import { type ResourceAction, type ResourceProvider, type ResourceStep } from '../../kernel/resource-provider.ts';
import { type ApiStore, find } from '../store.ts';
import { badRequest } from '../errors.ts';
import { readDomain } from '../records/domain-name.ts';
import { pathActions } from './path-actions.ts';

/** AWS::ApiGateway::DomainName: Regional or edge-optimized. Private domains are another resource type. */
export function domainNameProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::DomainName',
    createOnly: 'DomainName',
    mutable: 'CertificateArn RegionalCertificateArn EndpointConfiguration SecurityPolicy EndpointAccessMode Tags',
    required: 'DomainName',
    actions: pathActions('AWS::ApiGateway::DomainName', '/domainnames', '{DomainName}', {
      at: { 'cloudfront:UpdateDistribution': distribution, 'iam:CreateServiceLinkedRole': serviceLinkedRole },
      when: { 'cloudfront:UpdateDistribution': 'CertificateArn EndpointConfiguration' },
      // Developer guide, "Set up an edge-optimized custom domain name", and "Using service-linked roles for API Gateway": the first domain
      // of an account makes the role.
      also: { create: 'cloudfront:UpdateDistribution iam:CreateServiceLinkedRole', update: 'cloudfront:UpdateDistribution' },
    }),
    put({ physicalId, properties, context }) {
      const name = read.required(properties, 'DomainName');
      if (physicalId === undefined && store.domainNames.has(name))
        throw badRequest('The domain name you provided already exists.');
      const before = physicalId === undefined ? undefined : find.domainName(store, physicalId);
      const domain = readDomain(properties, name, context);
      const { endpointType, targetHostedZoneId: zone } = domain;
      const target = endpointType === before?.endpointType ? before.target : domain.target;
      store.domainNames.set(name, { ...domain, target });
      const ofTarget =
        endpointType === 'EDGE'
          ? { DistributionDomainName: target, DistributionHostedZoneId: zone }
          : { RegionalDomainName: target, RegionalHostedZoneId: zone };
      return { physicalId: name, attributes: { DomainNameArn: domain.arn, ...ofTarget } };
    },
    delete({ physicalId }) {
      store.domainNames.delete(physicalId);
      for (const [key, mapping] of store.basePathMappings) {
        if (mapping.domainName === physicalId) store.basePathMappings.delete(key);
      }
    },
  };
}

function distribution({ properties }: ResourceStep): readonly string[] {
  const types = read.list(read.object(properties, 'EndpointConfiguration') ?? {}, 'Types') ?? ['EDGE'];
  return types.includes('EDGE') ? ['*'] : [];
}

function serviceLinkedRole({ context }: ResourceStep): readonly ResourceAction[] {
  const service = 'ops.apigateway.amazonaws.com';
  const role = `role/aws-service-role/${service}/AWSServiceRoleForAPIGateway`;
  const resource = arn({ ...context, region: '' }, 'iam', role);
  return [{ action: 'iam:CreateServiceLinkedRole', resource, context: { 'iam:AWSServiceName': service } }];
}
