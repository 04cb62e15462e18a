import { AwsError } from '../../kernel/aws-error.ts';
import { read, refuseUnknown } from '../../kernel/properties.ts';
import {
  actionsOn,
  type Properties,
  type ProvisionedResource,
  type ResourceAction,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';

/**
 * AWS::Route53::RecordSet in a zone that is named by its id. The emulator does not check that the zone exists, and resolves no name.
 * `Ref` is the record's name.
 * @param records the records that exist, as `{name} {type} {zone}`
 */
export function recordSetProvider(records: Set<string>): ResourceProvider {
  return {
    type: 'AWS::Route53::RecordSet',
    createOnly: 'HostedZoneId Name',
    mutable: 'AliasTarget ResourceRecords TTL Type',
    required: ['HostedZoneId', 'Name', 'Type'],
    actions: { create: change, update: change, delete: change },
    async create(properties) {
      checkTarget(properties);
      const key = keyOf(properties);
      if (records.has(key)) {
        const [name, type] = key.split(' ');
        throw new AwsError(
          'InvalidChangeBatch',
          400,
          `[Tried to create resource record set [name='${name}.', type='${type}'] but it already exists]`,
        );
      }
      records.add(key);
      return provisioned(properties);
    },
    async update(_physicalId, properties, previous) {
      checkTarget(properties);
      records.delete(keyOf(previous));
      records.add(keyOf(properties));
      return provisioned(properties);
    },
    delete: async (_physicalId, properties) => void records.delete(keyOf(properties)),
  };
}

function provisioned(properties: Properties): ProvisionedResource {
  return { physicalId: read.required(properties, 'Name'), attributes: {} };
}

function keyOf(properties: Properties): string {
  const name = read.required(properties, 'Name').replace(/\.$/, '').toLowerCase();
  return `${name} ${read.required(properties, 'Type')} ${read.required(properties, 'HostedZoneId')}`;
}

/** An alias has a target and no time to live; any other record has records and a time to live. */
function checkTarget(properties: Properties): void {
  const alias = read.object(properties, 'AliasTarget');
  if (!alias) {
    if (properties['ResourceRecords'] !== undefined && read.string(properties, 'TTL')) return;
    throw invalid('a record that is not an alias needs ResourceRecords and TTL');
  }
  refuseUnknown(alias, 'AliasTarget', 'DNSName HostedZoneId EvaluateTargetHealth');
  read.required(alias, 'DNSName');
  read.required(alias, 'HostedZoneId');
  if (properties['TTL'] !== undefined || properties['ResourceRecords'] !== undefined)
    throw invalid('an alias has neither ResourceRecords nor TTL');
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidInput', 400, message);
}

/** With the zone's id, the handlers do not need to list the zones (registry schema of the type). */
function change({ properties, context }: ResourceStep): ResourceAction[] {
  const { partition } = context;
  const zone = read.required(properties, 'HostedZoneId');
  return [
    ...actionsOn(
      `arn:${partition}:route53:::hostedzone/${zone}`,
      'route53:ChangeResourceRecordSets',
      'route53:GetHostedZone',
      'route53:ListResourceRecordSets',
    ),
    ...actionsOn(`arn:${partition}:route53:::change/*`, 'route53:GetChange'),
  ];
}
