import { type Command, Option } from 'commander';
import { arnPattern } from './arn-pattern.ts';
import { parseList, parseText } from './parse-text.ts';

/** Where the API is reached. */
export interface AddressFlags {
  readonly endpointType?: string;
  readonly vpcEndpointId?: string;
  readonly domain?: string;
  readonly certificateArn?: string;
  readonly hostedZoneId?: string;
  readonly basePath?: string;
}

export function addAddressFlags(command: Command): Command {
  return command
    .optionsGroup('Address:')
    .addOption(
      new Option(
        '--endpoint-type <type>',
        'edge ends a stream after 30 s of silence, the others after 5 min (default: regional)',
      ).choices(['regional', 'edge', 'private']),
    )
    .option(
      '--vpc-endpoint-id <id>',
      'VPC endpoint that a private API is reached by; repeatable',
      parseList(
        '--vpc-endpoint-id',
        (text) => /^vpce-[0-9a-f]+$/.test(text),
        'the id of a VPC endpoint',
      ),
    )
    .option(
      '--domain <name>',
      'domain of your own; "" takes it off',
      parseText(
        '--domain',
        /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
        'a domain name in lower case',
      ),
    )
    .option(
      '--certificate-arn <arn>',
      "its ACM certificate: of the stack's Region, for edge of us-east-1",
      parseText(
        '--certificate-arn',
        arnPattern('acm', 'certificate/[\\w-]+'),
        'the ARN of a certificate',
      ),
    )
    .option(
      '--hosted-zone-id <id>',
      'Route 53 zone that gets its records; without it, status tells the DNS target',
      parseText('--hosted-zone-id', /^Z[A-Z0-9]{1,31}$/, 'the id of a hosted zone'),
    )
    .option(
      '--base-path <path>',
      'first part of the path below the domain',
      // Reserved for health checks (developer guide, "Amazon API Gateway important notes").
      parseText(
        '--base-path',
        /^(?!s?ping$)[\w$.+!*'()-]{1,300}$/,
        'one part of a path without slashes, other than ping and sping',
      ),
    );
}

/** Template parameters; undefined where a flag was not given. A domain that goes takes along what belongs to it. */
export function addressParameters(
  flags: AddressFlags,
): Readonly<Record<string, string | undefined>> {
  const off = flags.domain === '' ? '' : undefined;
  return {
    EndpointType: flags.endpointType?.toUpperCase(),
    VpcEndpointIds: flags.vpcEndpointId,
    DomainName: flags.domain,
    CertificateArn: flags.certificateArn ?? off,
    HostedZoneId: flags.hostedZoneId ?? off,
    BasePath: flags.basePath ?? off,
  };
}
