import type { ParameterName } from '../../aws/stack-values.ts';
import {
  arnPattern,
  lastPart,
  listOf,
  oneOfCapitals,
  type Setting,
  wordOrNothing,
} from './setting.ts';

/** Address of the API. */
export const ADDRESS = {
  EndpointType: {
    default: 'REGIONAL',
    flag: '--endpoint-type <type>',
    help: 'endpoint type of the API; edge cuts a stream after 30 s of silence, the others after 5 min',
    takes: oneOfCapitals('regional', 'edge', 'private'),
    shapesApi: true,
    drift: [{ what: 'endpoint type', live: ({ endpointType }) => endpointType }],
  },
  VpcEndpointIds: {
    default: '',
    flag: '--vpc-endpoint-id <id>',
    help: 'VPC endpoint that may call a private API, for example vpce-0123456789abcdef0; repeatable',
    takes: listOf((text) => /^vpce-[0-9a-f]+$/.test(text), 'the id of a VPC endpoint'),
    shapesApi: true,
    outside: { what: 'the VPC endpoints', nameOf: (ids) => ids.replaceAll(/,\s*/g, ' and ') },
    status: {
      name: 'VPC endpoints',
      text: (ids, of) => (of('EndpointType') === 'PRIVATE' ? ids : ''),
    },
  },
  DomainName: {
    default: '',
    flag: '--domain <name>',
    help: 'custom domain of the API, for example api.example.com; "" removes it',
    takes: wordOrNothing(
      /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      'a domain name in lower case',
    ),
    status: { name: 'Domain' },
  },
  CertificateArn: {
    default: '',
    flag: '--certificate-arn <arn>',
    help: "ACM certificate for --domain, in the stack's Region; for edge, in us-east-1",
    takes: wordOrNothing(arnPattern('acm', 'certificate/[\\w-]+'), 'the ARN of a certificate'),
    outside: { what: 'the certificate', nameOf: lastPart },
  },
  HostedZoneId: {
    default: '',
    flag: '--hosted-zone-id <id>',
    help: 'Route 53 zone to create the DNS records in; without it, status prints the DNS target',
    takes: wordOrNothing(/^Z[A-Z0-9]{1,31}$/, 'the id of a hosted zone'),
    outside: { what: 'the hosted zone', nameOf: String },
  },
  BasePath: {
    default: '',
    flag: '--base-path <path>',
    help: 'path of the API below --domain, for example agent; one segment',
    // ping and sping are reserved for health checks (developer guide, "Amazon API Gateway important notes").
    takes: wordOrNothing(
      /^(?!s?ping$)[\w$.+!*'()-]{1,300}$/,
      'one part of a path without slashes, other than ping and sping',
    ),
  },
} as const satisfies Partial<Record<ParameterName, Setting>>;
