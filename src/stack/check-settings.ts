import { UsageError } from '../cli/errors.ts';
import { IDLE_LIMIT_MS } from '../aws/limits.ts';
import type { ParameterName, ParameterValues } from '../aws/stack-values.ts';
import { valueOrDefault } from './settings/settings.ts';

type Setting = (name: ParameterName) => string;

/** A combination that cannot work: the message names both sides, as flags. */
type Rule = readonly [breaks: (of: Setting) => boolean, message: string, hint: string];

const MISSING: readonly Rule[] = [
  [
    (of) => of('AuthMode') === 'cognito' && of('UserPoolArn') === '',
    '--auth cognito needs --user-pool-arn',
    'give the ARN of the user pool whose tokens are accepted',
  ],
  [
    (of) => of('AuthMode') === 'lambda' && of('AuthorizerArn') === '',
    '--auth lambda needs --authorizer-arn',
    'give the ARN of the function that allows or denies requests',
  ],
  [
    (of) => of('DomainName') !== '' && of('CertificateArn') === '',
    '--domain needs --certificate-arn',
    'give the ARN of the ACM certificate for the domain',
  ],
  [
    (of) => of('DomainName') === '' && of('BasePath') !== '',
    '--base-path needs --domain',
    'give the domain, or remove the path with --base-path ""',
  ],
  [
    (of) => of('DomainName') === '' && of('HostedZoneId') !== '',
    '--hosted-zone-id needs --domain',
    'give the domain, or remove the zone with --hosted-zone-id ""',
  ],
  [
    (of) => of('EndpointType') === 'PRIVATE' && of('VpcEndpointIds') === '',
    '--endpoint-type private needs --vpc-endpoint-id',
    'give the id of a VPC endpoint for execute-api',
  ],
];

const CONFLICTING: readonly Rule[] = [
  [
    (of) => /^(sub$|claim:)/.test(of('UserIdFrom')) && !['cognito', 'lambda'].includes(of('AuthMode')),
    '--user-id-from sub and claim:NAME need --auth cognito or lambda, which verify claims',
    'unset it with --user-id-from "", or choose another --auth',
  ],
  [
    (of) => of('UserIdFrom') === 'principal' && !['lambda', 'iam'].includes(of('AuthMode')),
    '--user-id-from principal needs --auth lambda or iam, which identify a principal',
    'unset it with --user-id-from "", or choose another --auth',
  ],
  [
    (of) => of('SessionScope') === 'caller' && of('AuthMode') === 'none',
    '--session-scope caller and --auth none exclude each other: no caller is identified',
    'unset it with --session-scope any, or choose another --auth',
  ],
  [
    // Developer guide, "Custom domain names for private APIs": they need DomainNameV2 and an access association.
    (of) => of('EndpointType') === 'PRIVATE' && of('DomainName') !== '',
    '--endpoint-type private and --domain exclude each other: a private API has no public domain',
    'remove the domain with --domain ""',
  ],
  [
    (of) => of('EndpointType') === 'EDGE' && Number(of('HeartbeatMs')) >= (IDLE_LIMIT_MS['EDGE'] ?? 0),
    '--endpoint-type edge needs a --heartbeat below 30s: it cuts a stream after 30 s of silence',
    'for example --heartbeat 15s',
  ],
  [
    (of) => of('Waf') === 'managed' && of('WafAclArn') !== '',
    '--waf and --waf-acl-arn exclude each other: a stage has one web ACL',
    'remove one, with --no-waf or --waf-acl-arn ""',
  ],
  [
    (of) => of('CorsOrigins').split(',').includes('*') && of('CorsOrigins') !== '*',
    '--cors-origin "*" and other origins exclude each other',
    'give either all origins by name or "*"',
  ],
  [
    // Fetch standard, "CORS protocol and credentials": browsers refuse the wildcard with them.
    (of) => of('CorsCredentials') === 'on' && ['', '*'].includes(of('CorsOrigins')),
    '--cors-credentials needs a --cors-origin by name',
    'give each origin that may send credentials, or --no-cors-credentials',
  ],
];

/**
 * Checks that settings are compatible with each other and reachable from the stack's current ones.
 * @param values template parameters after the deploy; a missing one has the template's default
 * @param current the stack's parameters; undefined for a new stack
 * @throws {UsageError} MISSING_OPTION, CONFLICTING_OPTIONS or UNSUPPORTED_CHANGE, which names both sides
 */
export function checkSettings(values: ParameterValues, current?: ParameterValues): void {
  const of: Setting = (name) => valueOrDefault(values, name);
  const missing = MISSING.find(([breaks]) => breaks(of));
  const [, message, hint] = missing ?? CONFLICTING.find(([breaks]) => breaks(of)) ?? [];
  if (message) throw new UsageError(missing ? 'MISSING_OPTION' : 'CONFLICTING_OPTIONS', message, { hint });
  if (current) checkChange(of, (name) => valueOrDefault(current, name));
}

function checkChange(to: Setting, from: Setting): void {
  const domain = from('DomainName');
  // CloudFormation creates the new mapping before it deletes the old one, and a domain mapped without a path takes no second mapping
  // (aws/aws-cdk issue 11095).
  if (domain !== '' && domain === to('DomainName') && (from('BasePath') === '') !== (to('BasePath') === '')) {
    const change = from('BasePath') === '' ? 'no base path to one' : 'a base path to none';
    throw unsupported(`the domain ${domain} cannot go from ${change} at once`, DOMAIN_FIRST);
  }
  const types = [from('EndpointType'), to('EndpointType')].map((type) => type.toLowerCase());
  if (types[0] === types[1]) return;
  const words = `the endpoint type cannot go from ${types.join(' to ')} at once`;
  // Developer guide, "Change a public or private API endpoint type in API Gateway".
  if (types[0] === 'private' && types[1] === 'edge') throw unsupported(words, 'deploy --endpoint-type regional first');
  // Developer guide, "Migrate a custom domain name to a different API endpoint type": with two endpoints for a while, which the
  // STRICT access mode does not allow.
  // This holds even when the same deploy removes the domain: the API changes first and stays mapped until the clean-up.
  if (domain !== '') throw unsupported(`${words}: the domain ${domain} cannot`, DOMAIN_FIRST);
}

const DOMAIN_FIRST = 'take the domain off first, with a deploy --domain "" of its own';

function unsupported(message: string, hint: string): UsageError {
  return new UsageError('UNSUPPORTED_CHANGE', message, { hint });
}
