import { isIP } from 'node:net';
import {
  arnPattern,
  inFunction,
  lastPart,
  listOf,
  oneOfCapitals,
  type SettingGroup,
  wholeNumber,
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
    status: { name: 'VPC endpoints', text: (ids, of) => (of('EndpointType') === 'PRIVATE' ? ids : '') },
  },
  DomainName: {
    default: '',
    flag: '--domain <name>',
    help: 'custom domain of the API, for example api.example.com; "" removes it',
    takes: wordOrNothing(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'a domain name in lower case'),
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
    takes: wordOrNothing(/^(?!s?ping$)[\w$.+!*'()-]{1,300}$/, 'one part of a path without slashes, other than ping and sping'),
  },
} as const satisfies SettingGroup;

/** API reference of AWS WAF, RateBasedStatement: Limit. */
const WAF_LIMIT = { least: 10, most: 2_000_000_000 };

/** Browsers and addresses that may call. */
export const FILTERS = {
  CorsOrigins: {
    default: '*',
    flag: '--cors-origin <origin>',
    help: 'origin that browsers may call from, for example https://app.example; repeatable; "" allows none',
    takes: listOf(isOrigin, 'an origin such as https://app.example, without a path or trailing slash, or *'),
    shapesApi: true,
    ...inFunction('CORS_ORIGINS', 'CORS origins of the function'),
    status: {
      name: 'CORS',
      text(origins, of) {
        if (origins === '') return 'no browsers';
        const credentials = of('CorsCredentials') === 'on' ? ', with credentials' : '';
        return `${origins.replaceAll(',', ', ')}${credentials}`;
      },
    },
  },
  CorsCredentials: {
    default: 'off',
    flag: '--cors-credentials',
    help: 'let browsers send credentials; needs a --cors-origin by name',
    switch: { on: 'on', offHelp: 'do not let browsers send credentials' },
    shapesApi: true,
    ...inFunction('CORS_CREDENTIALS', 'CORS credentials of the function'),
  },
  AllowCidrs: {
    default: '',
    flag: '--allow-cidr <range>',
    help: 'IP range that may call, for example 192.0.2.0/24; repeatable; "" allows all',
    takes: listOf(isCidr, 'an address range such as 192.0.2.0/24'),
    shapesApi: true,
    status: { name: 'Allowed', text: (ranges) => `only from ${ranges}` },
  },
  Waf: {
    default: 'off',
    flag: '--waf',
    help: 'create a web ACL: core rules, known bad inputs, a rate limit per IP address',
    switch: { on: 'managed', offHelp: 'create no web ACL' },
    status: { name: 'Web ACL' },
  },
  WafRateLimit: {
    default: '1000',
    flag: '--waf-rate-limit <n>',
    help: 'requests that --waf allows an IP address in 5 minutes',
    takes: wholeNumber(WAF_LIMIT.least, WAF_LIMIT.most),
  },
  WafAclArn: {
    default: '',
    flag: '--waf-acl-arn <arn>',
    help: 'existing web ACL to use, in the stack\'s Region; "" removes it',
    takes: wordOrNothing(arnPattern('wafv2', 'regional/webacl/[\\w-]+/[\\w-]+'), 'the ARN of a regional web ACL'),
    outside: { what: 'the web ACL', nameOf: (arn) => arn.split('/').at(-2) ?? arn },
  },
} as const satisfies SettingGroup;

/** Limits on requests and streams. */
export const LIMITS = {
  RateLimit: {
    default: '10',
    flag: '--rate-limit <n>',
    help: 'requests per second that the API accepts on average; more get 429',
    takes: wholeNumber(0),
    drift: [
      { what: 'rate limit of the stage', live: ({ stage }) => stage?.throttle.rateLimit },
      { what: 'rate limit of the key', live: ({ plan }) => plan?.throttle.rateLimit },
    ],
  },
  BurstLimit: {
    default: '20',
    flag: '--burst-limit <n>',
    help: 'requests that the API accepts in one burst; more get 429',
    takes: wholeNumber(0),
    drift: [
      { what: 'burst limit of the stage', live: ({ stage }) => stage?.throttle.burstLimit },
      { what: 'burst limit of the key', live: ({ plan }) => plan?.throttle.burstLimit },
    ],
  },
  QuotaPerDay: {
    default: '10000',
    flag: '--quota <n>',
    help: 'requests per day that the API key may send; more get 429',
    takes: wholeNumber(1),
    drift: [{ what: 'quota of the key', live: ({ plan }) => plan?.quota?.limit }],
  },
  MaxConcurrency: {
    default: '0',
    flag: '--max-concurrency <n>',
    help: "streams that may be open at once; 0 sets no limit below the account's",
    takes: wholeNumber(0),
    drift: [{ what: 'concurrency of the function', live: ({ function: found }) => found && (found.reservedConcurrency ?? 0) }],
    status: { name: 'Streams' },
  },
} as const satisfies SettingGroup;

/** The form of a browser's `Origin` header (RFC 6454, section 6.2); any other would never match. */
function isOrigin(text: string): boolean {
  if (text === '*') return true;
  const isPlain = /^https?:\/\/[A-Za-z0-9._:-]+$/.test(text);
  return isPlain && URL.canParse(text) && new URL(text).origin === text;
}

function isCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
