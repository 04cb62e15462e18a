import { UsageError } from '../cli/errors.ts';
import { IDLE_LIMIT_MS } from '../aws/limits.ts';
import type { ParameterName, ParameterValues } from '../aws/stack-values.ts';
import { valueOrDefault } from './settings/settings.ts';

type Setting = (name: ParameterName) => string;

interface Rule {
  readonly code: 'MISSING_OPTION' | 'CONFLICTING_OPTIONS';
  readonly breaks: (of: Setting) => boolean;
  /** Names both sides, as flags. */
  readonly message: string;
  readonly hint: string;
}

const RULES: readonly Rule[] = [
  {
    code: 'MISSING_OPTION',
    breaks: (of) => of('AuthMode') === 'cognito' && of('UserPoolArn') === '',
    message: '--auth cognito needs --user-pool-arn',
    hint: 'give the ARN of the user pool whose tokens are accepted',
  },
  {
    code: 'MISSING_OPTION',
    breaks: (of) => of('AuthMode') === 'lambda' && of('AuthorizerArn') === '',
    message: '--auth lambda needs --authorizer-arn',
    hint: 'give the ARN of the function that allows or denies requests',
  },
  {
    code: 'CONFLICTING_OPTIONS',
    breaks: (of) => /^(sub$|claim:)/.test(of('UserIdFrom')) && !['cognito', 'lambda'].includes(of('AuthMode')),
    message: '--user-id-from sub and claim:NAME need --auth cognito or lambda, which verify claims',
    hint: 'unset it with --user-id-from "", or choose another --auth',
  },
  {
    code: 'CONFLICTING_OPTIONS',
    breaks: (of) => of('UserIdFrom') === 'principal' && !['lambda', 'iam'].includes(of('AuthMode')),
    message: '--user-id-from principal needs --auth lambda or iam, which identify a principal',
    hint: 'unset it with --user-id-from "", or choose another --auth',
  },
  {
    code: 'CONFLICTING_OPTIONS',
    breaks: (of) => of('SessionScope') === 'caller' && of('AuthMode') === 'none',
    message: '--session-scope caller and --auth none exclude each other: no caller is identified',
    hint: 'unset it with --session-scope any, or choose another --auth',
  },
  {
    code: 'MISSING_OPTION',
    breaks: (of) => of('DomainName') !== '' && of('CertificateArn') === '',
    message: '--domain needs --certificate-arn',
    hint: 'give the ARN of the ACM certificate for the domain',
  },
  {
    code: 'MISSING_OPTION',
    breaks: (of) => of('DomainName') === '' && of('BasePath') !== '',
    message: '--base-path needs --domain',
    hint: 'give the domain, or remove the path with --base-path ""',
  },
  {
    code: 'MISSING_OPTION',
    breaks: (of) => of('DomainName') === '' && of('HostedZoneId') !== '',
    message: '--hosted-zone-id needs --domain',
    hint: 'give the domain, or remove the zone with --hosted-zone-id ""',
  },
  {
    code: 'MISSING_OPTION',
    breaks: (of) => of('EndpointType') === 'PRIVATE' && of('VpcEndpointIds') === '',
    message: '--endpoint-type private needs --vpc-endpoint-id',
    hint: 'give the id of a VPC endpoint for execute-api',
  },
  {
    // Developer guide, "Custom domain names for private APIs": they need DomainNameV2 and an access association.
    code: 'CONFLICTING_OPTIONS',
    breaks: (of) => of('EndpointType') === 'PRIVATE' && of('DomainName') !== '',
    message: '--endpoint-type private and --domain exclude each other: a private API has no public domain',
    hint: 'remove the domain with --domain ""',
  },
  {
    code: 'CONFLICTING_OPTIONS',
    breaks: (of) => of('EndpointType') === 'EDGE' && Number(of('HeartbeatMs')) >= (IDLE_LIMIT_MS['EDGE'] ?? 0),
    message: '--endpoint-type edge needs a --heartbeat below 30s: it cuts a stream after 30 s of silence',
    hint: 'for example --heartbeat 15s',
  },
  {
    code: 'CONFLICTING_OPTIONS',
    breaks: (of) => of('Waf') === 'managed' && of('WafAclArn') !== '',
    message: '--waf and --waf-acl-arn exclude each other: a stage has one web ACL',
    hint: 'remove one, with --no-waf or --waf-acl-arn ""',
  },
  {
    code: 'CONFLICTING_OPTIONS',
    breaks: (of) => of('CorsOrigins').split(',').includes('*') && of('CorsOrigins') !== '*',
    message: '--cors-origin "*" and other origins exclude each other',
    hint: 'give either all origins by name or "*"',
  },
  {
    // Fetch standard, "CORS protocol and credentials": browsers refuse the wildcard with them.
    code: 'CONFLICTING_OPTIONS',
    breaks: (of) => of('CorsCredentials') === 'on' && ['', '*'].includes(of('CorsOrigins')),
    message: '--cors-credentials needs a --cors-origin by name',
    hint: 'give each origin that may send credentials, or --no-cors-credentials',
  },
];

/**
 * Checks that settings are compatible with each other and reachable from the stack's current ones.
 * @param values template parameters after the deploy; a missing one has the template's default
 * @param current the stack's parameters; undefined for a new stack
 * @throws {UsageError} MISSING_OPTION, CONFLICTING_OPTIONS or UNSUPPORTED_CHANGE, which names both sides
 */
export function checkSettings(values: ParameterValues, current?: ParameterValues): void {
  const of: Setting = (name) => valueOrDefault(values, name);
  const broken = RULES.find(({ breaks }) => breaks(of));
  if (broken) throw new UsageError(broken.code, broken.message, { hint: broken.hint });
  if (current) checkChange(of, (name) => valueOrDefault(current, name));
}

/** @throws {UsageError} UNSUPPORTED_CHANGE */
function checkChange(to: Setting, from: Setting): void {
  checkBasePath(to, from);
  const types = [from('EndpointType'), to('EndpointType')].map((type) => type.toLowerCase());
  if (types[0] === types[1]) return;
  const words = `the endpoint type cannot go from ${types.join(' to ')} at once`;
  // Developer guide, "Change a public or private API endpoint type in API Gateway".
  if (types[0] === 'private' && types[1] === 'edge') {
    throw new UsageError('UNSUPPORTED_CHANGE', words, { hint: 'deploy --endpoint-type regional first' });
  }
  // Developer guide, "Migrate a custom domain name to a different API endpoint type": with two endpoints for a while, which the
  // STRICT access mode does not allow.
  // This holds even when the same deploy removes the domain: the API changes first and stays mapped until the clean-up.
  if (from('DomainName') !== '') {
    throw new UsageError('UNSUPPORTED_CHANGE', `${words}: the domain ${from('DomainName')} cannot`, {
      hint: 'take the domain off first, with a deploy --domain "" of its own',
    });
  }
}

/**
 * CloudFormation creates the new mapping before it deletes the old one, and a domain mapped without a path takes no second mapping
 * (aws/aws-cdk issue 11095).
 * @throws {UsageError} UNSUPPORTED_CHANGE
 */
function checkBasePath(to: Setting, from: Setting): void {
  const isSameDomain = from('DomainName') !== '' && from('DomainName') === to('DomainName');
  const isEmpty = [from('BasePath'), to('BasePath')].map((path) => path === '');
  if (!isSameDomain || isEmpty[0] === isEmpty[1]) return;
  throw new UsageError(
    'UNSUPPORTED_CHANGE',
    `the domain ${to('DomainName')} cannot go from ${isEmpty[0] ? 'no base path to one' : 'a base path to none'} at once`,
    { hint: 'take the domain off first, with a deploy --domain "" of its own' },
  );
}
