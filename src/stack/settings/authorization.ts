import type { ParameterName } from '../../aws/stack-values.ts';
import {
  arnPattern,
  inFunction,
  lastPart,
  listOf,
  oneOf,
  type Setting,
  wholeNumber,
  wordOrNothing,
} from './setting.ts';

export const AUTH_MODES = ['api-key', 'iam', 'cognito', 'lambda', 'none'] as const;

/** API reference of API Gateway, CreateAuthorizer: 3600 is the maximum. */
const MAX_AUTHORIZER_TTL_SECONDS = 3_600;

/** Who may call, and what the agent learns about the caller. */
export const AUTHORIZATION = {
  AuthMode: {
    default: 'api-key',
    flag: '--auth <mode>',
    help: 'how callers are authorized',
    takes: oneOf(...AUTH_MODES),
    shapesApi: true,
  },
  UserPoolArn: {
    default: '',
    flag: '--user-pool-arn <arn>',
    help: 'Cognito user pool whose tokens are accepted (--auth cognito)',
    takes: wordOrNothing(
      arnPattern('cognito-idp', 'userpool/[\\w-]+_[0-9a-zA-Z]+'),
      'the ARN of a Cognito user pool',
    ),
    shapesApi: true,
    outside: { what: 'the user pool', nameOf: lastPart },
  },
  AuthScopes: {
    default: '',
    flag: '--auth-scope <scope>',
    help: 'required token scope (--auth cognito); repeatable, any one is enough; "" accepts ID tokens instead',
    // RFC 6749, section 3.3: scope-token.
    takes: listOf((text) => /^[!#-[\]-~]+$/.test(text), 'an OAuth scope'),
    shapesApi: true,
  },
  AuthorizerArn: {
    default: '',
    flag: '--authorizer-arn <arn>',
    help: 'your Lambda authorizer (--auth lambda)',
    takes: wordOrNothing(
      arnPattern('lambda', 'function:[a-zA-Z0-9_-]+(:[$a-zA-Z0-9_-]+)?'),
      'the ARN of a Lambda function',
    ),
    shapesApi: true,
    outside: {
      what: 'the authorizer function',
      nameOf: (arn) => arn.slice(arn.indexOf(':function:') + ':function:'.length),
    },
  },
  IdentitySource: {
    default: 'method.request.header.Authorization',
    flag: '--identity-source <source>',
    help: 'request values that the authorizer decides by; its answers are cached under them',
    takes: wordOrNothing(
      /^(method\.request\.(header|querystring)|context|stageVariables)\.[\w.-]+(,\s*(method\.request\.(header|querystring)|context|stageVariables)\.[\w.-]+)*$/,
      'sources such as method.request.header.Authorization',
    ),
    shapesApi: true,
  },
  AuthorizerTtlSeconds: {
    default: '300',
    flag: '--authorizer-ttl <seconds>',
    help: "how long the authorizer's answers are cached; 0 asks it for every request",
    takes: wholeNumber(0, MAX_AUTHORIZER_TTL_SECONDS),
    shapesApi: true,
  },
  UserIdFrom: {
    default: '',
    flag: '--user-id-from <source>',
    help: 'what the agent gets as user id: sub, principal or claim:NAME of the caller; "" sends none',
    takes: wordOrNothing(
      /^(sub|principal|claim:[A-Za-z0-9_:.-]+)$/,
      'sub, principal or claim:NAME',
    ),
    ...inFunction('USER_ID_FROM', 'source of the user id'),
    status: { name: 'User id', text: (value) => `the agent gets ${value} of the caller` },
  },
  SessionScope: {
    default: 'any',
    flag: '--session-scope <scope>',
    help: 'caller: only the caller who started a session may continue it',
    takes: oneOf('any', 'caller'),
    ...inFunction('SESSION_SCOPE', 'session scope'),
    status: { name: 'Sessions', text: () => 'each only for who began it' },
  },
  ApiKeySlot: { default: 'a', allowed: ['a', 'b'] },
  KeepsOtherApiKey: { default: 'no', allowed: ['no', 'yes'] },
} as const satisfies Partial<Record<ParameterName, Setting>>;
