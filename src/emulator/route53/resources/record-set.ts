import { AwsError, errorType } from '../../kernel/aws-error.ts';
import { read } from '../../kernel/properties.ts';
import { actionsOn, type Properties, type ResourceProvider, type ResourceStep } from '../../kernel/resource-provider.ts';

const invalid = errorType('InvalidInput', 400);

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
    required: 'HostedZoneId Name Type',
    actions: { create: change, update: change, delete: change },
    put({ physicalId, properties, previous }) {
      checkTarget(properties);
      const key = keyOf(properties);
      if (physicalId !== undefined) records.delete(keyOf(previous));
      else if (records.has(key)) {
        const [name, type] = key.split(' ');
        const message = `[Tried to create resource record set [name='${name}.', type='${type}'] but it already exists]`;
        throw new AwsError('InvalidChangeBatch', 400, message);
      }
      records.add(key);
      return { physicalId: read.required(properties, 'Name'), attributes: {} };
    },
    delete: ({ properties }) => void records.delete(keyOf(properties)),
  };
}

function keyOf(properties: Properties): string {
  const name = read.required(properties, 'Name').replace(/\.$/, '').toLowerCase();
  return `${name} ${read.required(properties, 'Type')} ${read.required(properties, 'HostedZoneId')}`;
}

/** An alias has a target and no time to live; any other record has records and a time to live. */
function checkTarget(properties: Properties): void {
  const alias = read.object(properties, 'AliasTarget', 'DNSName HostedZoneId EvaluateTargetHealth');
  if (!alias) {
    if (properties['ResourceRecords'] !== undefined && read.string(properties, 'TTL')) return;
    throw invalid('a record that is not an alias needs ResourceRecords and TTL');
  }
  read.required(alias, 'DNSName');
  read.required(alias, 'HostedZoneId');
  if (properties['TTL'] !== undefined || properties['ResourceRecords'] !== undefined)
    throw invalid('an alias has neither ResourceRecords nor TTL');
}

/** With the zone's id, the handlers do not need to list the zones (registry schema of the type). */
function change({ properties, context: { partition } }: ResourceStep) {
  const zone = `arn:${partition}:route53:::hostedzone/${read.required(properties, 'HostedZoneId')}`;
  return [
    ...actionsOn(zone, 'route53:ChangeResourceRecordSets route53:GetHostedZone route53:ListResourceRecordSets'),
    ...actionsOn(`arn:${partition}:route53:::change/*`, 'route53:GetChange'),
  ];
}
