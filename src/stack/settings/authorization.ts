import { arnPattern, inFunction, lastPart, listOf, oneOf, type SettingGroup, wholeNumber, wordOrNothing } from './setting.ts';

export const AUTH_MODES = ['api-key', 'iam', 'cognito', 'lambda', 'none'] as const;

/** API reference of API Gateway, CreateAuthorizer: 3600 is the maximum. */
const MAX_AUTHORIZER_TTL_SECONDS = 3_600;

/** Authorization of callers, and the user id that the agent gets. */
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
    takes: wordOrNothing(arnPattern('cognito-idp', 'userpool/[\\w-]+_[0-9a-zA-Z]+'), 'the ARN of a Cognito user pool'),
    shapesApi: true,
    outside: { what: 'the user pool', nameOf: lastPart },
  },
  AuthScopes: {
    default: '',
    flag: '--auth-scope <scope>',
    help: 'required token scope, for example agent/invoke; repeatable, any one is enough; "" accepts ID tokens (--auth cognito)',
    // RFC 6749, section 3.3: scope-token.
    takes: listOf((text) => /^[!#-[\]-~]+$/.test(text), 'an OAuth scope'),
    shapesApi: true,
  },
  AuthorizerArn: {
    default: '',
    flag: '--authorizer-arn <arn>',
    help: 'Lambda function that allows or denies requests (--auth lambda)',
    takes: wordOrNothing(arnPattern('lambda', 'function:[a-zA-Z0-9_-]+(:[$a-zA-Z0-9_-]+)?'), 'the ARN of a Lambda function'),
    shapesApi: true,
    outside: { what: 'the authorizer function', nameOf: (arn) => arn.slice(arn.indexOf(':function:') + ':function:'.length) },
  },
  IdentitySource: {
    default: 'method.request.header.Authorization',
    flag: '--identity-source <source>',
    help: "request values that identify the caller, comma-separated; the authorizer's cache key (--auth lambda)",
    takes: wordOrNothing(
      /^(method\.request\.(header|querystring)|context|stageVariables)\.[\w.-]+(,\s*(method\.request\.(header|querystring)|context|stageVariables)\.[\w.-]+)*$/,
      'sources such as method.request.header.Authorization',
    ),
    shapesApi: true,
  },
  AuthorizerTtlSeconds: {
    default: '300',
    flag: '--authorizer-ttl <seconds>',
    help: "seconds to cache the authorizer's answers; 0 asks it for every request (--auth lambda)",
    takes: wholeNumber(0, MAX_AUTHORIZER_TTL_SECONDS),
    shapesApi: true,
  },
  UserIdFrom: {
    default: '',
    flag: '--user-id-from <source>',
    help: 'send the agent a user id: sub, principal or a claim of the caller, for example claim:email; "" sends none',
    takes: wordOrNothing(/^(sub|principal|claim:[A-Za-z0-9_:.-]+)$/, 'sub, principal or claim:NAME'),
    ...inFunction('USER_ID_FROM', 'source of the user id'),
    status: { name: 'User id', text: (value) => `the agent gets the caller's ${value}` },
  },
  SessionScope: {
    default: 'any',
    flag: '--session-scope <scope>',
    help: 'who may continue a session: any caller, or only the caller who started it',
    takes: oneOf('any', 'caller'),
    ...inFunction('SESSION_SCOPE', 'session scope'),
    status: { name: 'Sessions', text: () => 'only the caller who started one may continue it' },
  },
  ApiKeySlot: { default: 'a', allowed: ['a', 'b'] },
  KeepsOtherApiKey: { default: 'no', allowed: ['no', 'yes'] },
} as const satisfies SettingGroup;
