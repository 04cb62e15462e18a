import { Command } from 'commander';
import { addDeployFlags, type DeployFlags, toParameters } from '../../src/stack/deploy-flags.ts';
import { AGENT_ARN, REGION } from '../helpers/chain.ts';
import type { Dimensions, Row } from './pairwise.ts';

const ACCOUNT = '000000000000';

export const USER_POOL_ARN = `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${REGION}_Matrix1`;

/** What options of the matrix lead to and the stack does not make. */
export interface Surroundings {
  readonly authorizerArn: string;
  readonly webAclArn: string;
  readonly topicArn: string;
}

/** For matrices that deploy nothing. */
export const IMAGINED: Surroundings = {
  authorizerArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:who-may-call`,
  webAclArn: `arn:aws:wafv2:${REGION}:${ACCOUNT}:regional/webacl/own/0123abcd-0123-0123-0123-0123456789ab`,
  topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`,
};

const DOMAIN = 'api.example.com';
const CERTIFICATE = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/0123abcd`;
const DOMAIN_FLAGS = ['--domain', DOMAIN, '--certificate-arn', CERTIFICATE];

/** Command-line flags for each value of each option. The first value is the option's default; every value sets the option wholly. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, (given: Surroundings) => readonly string[]>>>> = {
  auth: {
    'api-key': () => ['--auth', 'api-key'],
    iam: () => ['--auth', 'iam'],
    cognito: () => ['--auth', 'cognito', '--user-pool-arn', USER_POOL_ARN, '--auth-scope', ''],
    scopes: () => [
      '--auth',
      'cognito',
      '--user-pool-arn',
      USER_POOL_ARN,
      '--auth-scope',
      'agent/invoke',
      '--auth-scope',
      'agent/all',
    ],
    lambda: ({ authorizerArn }) => ['--auth', 'lambda', '--authorizer-arn', authorizerArn, '--authorizer-ttl', '60'],
    none: () => ['--auth', 'none'],
  },
  userId: {
    none: () => ['--user-id-from', ''],
    sub: () => ['--user-id-from', 'sub'],
    claim: () => ['--user-id-from', 'claim:tenant'],
    principal: () => ['--user-id-from', 'principal'],
  },
  session: { any: () => ['--session-scope', 'any'], caller: () => ['--session-scope', 'caller'] },
  endpoint: {
    regional: () => ['--endpoint-type', 'regional'],
    edge: () => ['--endpoint-type', 'edge'],
    private: () => ['--endpoint-type', 'private', '--vpc-endpoint-id', 'vpce-0a1b2c3d,vpce-1a2b3c4d'],
  },
  domain: {
    off: () => ['--domain', ''],
    plain: () => [...DOMAIN_FLAGS, '--hosted-zone-id', '', '--base-path', ''],
    zone: () => [...DOMAIN_FLAGS, '--hosted-zone-id', 'Z0123456789', '--base-path', ''],
    path: () => [...DOMAIN_FLAGS, '--hosted-zone-id', 'Z0123456789', '--base-path', 'agent'],
  },
  waf: {
    off: () => ['--no-waf', '--waf-acl-arn', ''],
    managed: () => ['--waf', '--waf-acl-arn', '', '--waf-rate-limit', '500'],
    own: ({ webAclArn }) => ['--no-waf', '--waf-acl-arn', webAclArn],
  },
  cors: {
    any: () => ['--cors-origin', '*'],
    none: () => ['--cors-origin', ''],
    one: () => ['--cors-origin', 'https://app.example'],
    list: () => ['--cors-origin', 'https://app.example', '--cors-origin', 'http://localhost:5173'],
  },
  credentials: { off: () => ['--no-cors-credentials'], on: () => ['--cors-credentials'] },
  cidr: {
    all: () => ['--allow-cidr', ''],
    one: () => ['--allow-cidr', '127.0.0.0/8'],
    list: () => ['--allow-cidr', '127.0.0.0/8,::1/128', '--allow-cidr', '192.0.2.0/24'],
  },
  cap: { off: () => ['--max-concurrency', '0'], on: () => ['--max-concurrency', '7'] },
  accessLog: { off: () => ['--no-access-log'], on: () => ['--access-log'] },
  tracing: { off: () => ['--no-tracing'], on: () => ['--tracing'] },
  dashboard: { off: () => ['--no-dashboard'], on: () => ['--dashboard'] },
  alarms: {
    off: () => ['--alarms', ''],
    email: () => ['--alarms', 'someone@example.com'],
    topic: ({ topicArn }) => ['--alarms', topicArn],
  },
  processor: { arm64: () => ['--architecture', 'arm64'], x86: () => ['--architecture', 'x86_64'] },
  boundary: {
    off: () => ['--permissions-boundary', ''],
    on: () => ['--permissions-boundary', `arn:aws:iam::${ACCOUNT}:policy/bound`],
  },
  // No flags: `key rotate` sets them.
  key: { a: () => [], b: () => [], both: () => [] },
};

const KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  a: { ApiKeySlot: 'a', KeepsOtherApiKey: 'no' },
  b: { ApiKeySlot: 'b', KeepsOtherApiKey: 'no' },
  both: { ApiKeySlot: 'b', KeepsOtherApiKey: 'yes' },
};

export const DIMENSIONS: Dimensions = Object.fromEntries(
  Object.entries(OPTIONS).map(([name, values]) => [name, Object.keys(values)]),
);

/** Every option as it is when nothing is asked for. */
export const ALL_OFF: Row = Object.fromEntries(Object.entries(DIMENSIONS).map(([name, [first = '']]) => [name, first]));

const VERIFIES_CLAIMS = new Set<string | undefined>([undefined, 'cognito', 'scopes', 'lambda']);
const KNOWS_PRINCIPAL = new Set<string | undefined>([undefined, 'lambda', 'iam']);

/** What the command line takes: the counterpart of its own rules, written a second time on purpose. */
export function isAllowedRow({ auth, userId, session, endpoint, domain, cors, credentials }: Row) {
  return (
    !((userId === 'sub' || userId === 'claim') && !VERIFIES_CLAIMS.has(auth)) &&
    !(userId === 'principal' && !KNOWS_PRINCIPAL.has(auth)) &&
    !(session === 'caller' && auth === 'none') &&
    !(endpoint === 'private' && domain !== undefined && domain !== 'off') &&
    !(credentials === 'on' && (cors === 'any' || cors === 'none'))
  );
}

/** Template parameters of a row, by the command line's own flags. */
export function rowParameters(row: Row, given: Surroundings): Record<string, string> {
  const command = addDeployFlags(new Command().exitOverride());
  command.parse(rowFlags(row, given), { from: 'user' });
  const parameters = toParameters(command.opts<DeployFlags>(), AGENT_ARN);
  const set = Object.entries(parameters).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined;
  });
  return { ...Object.fromEntries(set), ...KEYS[row['key'] ?? 'a'] };
}

/** The same as flags of the command line. */
export function rowFlags(row: Row, given: Surroundings): string[] {
  return Object.entries(row).flatMap(([name, value]) => OPTIONS[name]?.[value]?.(given) ?? []);
}
