import { type Command, Option } from 'commander';
import { parseInteger } from '../../cli/options.ts';
import { AUTH_MODES } from '../../templates/auth-modes.ts';
import { arnPattern } from './arn-pattern.ts';
import { parseList, parseText } from './parse-text.ts';

/** Who may call, and what is made of it. */
export interface AuthFlags {
  readonly auth?: string;
  readonly userPoolArn?: string;
  readonly authScope?: string;
  readonly authorizerArn?: string;
  readonly identitySource?: string;
  readonly authorizerTtl?: number;
  readonly userIdFrom?: string;
  readonly sessionScope?: string;
}

/** API reference of API Gateway, CreateAuthorizer: 3600 is the maximum. */
const MAX_AUTHORIZER_TTL_SECONDS = 3_600;

export function addAuthFlags(command: Command): Command {
  return command
    .optionsGroup('Who may call:')
    .addOption(
      new Option('--auth <mode>', 'who may call (default: api-key)').choices([...AUTH_MODES]),
    )
    .option(
      '--user-pool-arn <arn>',
      'Cognito user pool whose tokens count (--auth cognito)',
      parseText(
        '--user-pool-arn',
        arnPattern('cognito-idp', 'userpool/[\\w-]+_[0-9a-zA-Z]+'),
        'the ARN of a Cognito user pool',
      ),
    )
    .option(
      '--auth-scope <scope>',
      'scope, one of which access tokens need (--auth cognito); repeatable; "" takes id tokens',
      parseList('--auth-scope', (text) => /^[!#-[\]-~]+$/.test(text), 'an OAuth scope'),
    )
    .option(
      '--authorizer-arn <arn>',
      'your Lambda function that says who may call (--auth lambda)',
      parseText(
        '--authorizer-arn',
        arnPattern('lambda', 'function:[a-zA-Z0-9_-]+(:[$a-zA-Z0-9_-]+)?'),
        'the ARN of a Lambda function',
      ),
    )
    .option(
      '--identity-source <source>',
      'what it looks at, and its answers are cached by (default: method.request.header.Authorization)',
      parseText(
        '--identity-source',
        /^(method\.request\.(header|querystring)|context|stageVariables)\.[\w.-]+(,\s*(method\.request\.(header|querystring)|context|stageVariables)\.[\w.-]+)*$/,
        'sources such as method.request.header.Authorization',
      ),
    )
    .option(
      '--authorizer-ttl <seconds>',
      'how long its answers hold; 0 for one request (default: 300)',
      parseInteger('--authorizer-ttl', 0, MAX_AUTHORIZER_TTL_SECONDS),
    )
    .option(
      '--user-id-from <source>',
      'what of the caller the agent gets as user id: sub, principal or claim:NAME; "" for nothing',
      parseText(
        '--user-id-from',
        /^(sub|principal|claim:[A-Za-z0-9_:.-]+)$/,
        'sub, principal or claim:NAME',
      ),
    )
    .addOption(
      new Option(
        '--session-scope <scope>',
        'caller: a session is only for who began it (default: any)',
      ).choices(['any', 'caller']),
    );
}

/** Template parameters; undefined where a flag was not given. */
export function authParameters(flags: AuthFlags): Readonly<Record<string, string | undefined>> {
  return {
    AuthMode: flags.auth,
    // Without keys none is kept, so that none comes back when they do.
    KeepsOtherApiKey: flags.auth !== undefined && flags.auth !== 'api-key' ? 'no' : undefined,
    UserPoolArn: flags.userPoolArn,
    AuthScopes: flags.authScope,
    AuthorizerArn: flags.authorizerArn,
    IdentitySource: flags.identitySource,
    AuthorizerTtlSeconds: flags.authorizerTtl?.toString(),
    UserIdFrom: flags.userIdFrom,
    SessionScope: flags.sessionScope,
  };
}
