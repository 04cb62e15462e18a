import { serviceCode } from '../cli/error-codes.ts';
import { type Hint, hint, OperationError } from '../cli/errors.ts';
import { type AwsAccess, credentialTrail } from './aws-access.ts';

/** The error for missing, expired or refused AWS credentials, with a hint that fits their source; undefined for any other error. */
export function credentialError(error: Error, access: AwsAccess): OperationError | undefined {
  const { name, message } = error;
  const fail = (code: 'NO_CREDENTIALS' | 'EXPIRED_CREDENTIALS', text: string, cure: Hint): OperationError =>
    new OperationError(code, text, { hint: cure, cause: error });
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError' || /could not load credentials/i.test(message))
    return chainError(message, access, fail);
  if (/^ExpiredToken(Exception)?$/.test(name))
    return fail('EXPIRED_CREDENTIALS', 'the AWS credentials have expired', renewCredentials(access));
  const cure = REFUSALS.find(([code, words]) => code.test(name) && words.test(message))?.[2](access);
  if (cure === undefined) return undefined;
  return new OperationError(serviceCode(name), message.split('\n', 1)[0] ?? '', { hint: cure, cause: error });
}

function chainError(
  message: string,
  access: AwsAccess,
  fail: (code: 'NO_CREDENTIALS' | 'EXPIRED_CREDENTIALS', text: string, cure: Hint) => OperationError,
): OperationError {
  const { profile } = access;
  const whose = profile === undefined ? '' : ` of the profile ${profile}`;
  const named = profile ?? 'default';
  if (/multi-factor/i.test(message)) {
    const ask = ['aws', 'configure', 'export-credentials', '--profile', named, '--format', 'env'];
    return fail(
      'NO_CREDENTIALS',
      `the profile ${named} needs an MFA code`,
      hint`get a session, which asks for the code: eval "$(${ask})"; then leave the profile out (--profile, AWS_PROFILE) and give --region`,
    );
  }
  if (/sso/i.test(message) && /expired|refresh|invalid|not found/i.test(message))
    return fail('EXPIRED_CREDENTIALS', `the SSO session${whose} has expired`, login('sso', profile));
  if (/reauthenticate|login session|aws login/i.test(message))
    return fail('EXPIRED_CREDENTIALS', `the login session${whose} has expired`, login('login', profile));
  if (profile !== undefined && credentialTrail().some((text) => text.includes(`Profile ${profile} could not be found`))) {
    return fail(
      'NO_CREDENTIALS',
      `there is no profile ${profile} in the AWS configuration`,
      hint`list the profiles: ${['aws', 'configure', 'list-profiles']}, and give one of them by --profile or AWS_PROFILE`,
    );
  }
  const process = credentialTrail()
    .map(processFailure)
    .findLast((words) => words !== undefined);
  if (process !== undefined) {
    return fail(
      'NO_CREDENTIALS',
      `the credential_process of the profile ${named} failed: ${process}`,
      hint`fix what it says, and try it alone: ${['aws', 'configure', 'export-credentials', '--profile', named]}`,
    );
  }
  const text = message.split('\n', 1)[0] ?? '';
  const cure = /sso/i.test(text)
    ? login('sso', profile)
    : hint`give --profile, run \`${['aws', 'configure', ...flag(profile)]}\`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without an account: ${['agentstream', 'dev']}`;
  return fail('NO_CREDENTIALS', `no AWS credentials: ${text}`, cure);
}

/** The failure that a credential process reported, in one line; undefined for other texts of the trail. */
function processFailure(text: string): string | undefined {
  const [, failed] = /-> Command failed: [^\n]*\n?([^]*)$/.exec(text) ?? [];
  if (failed !== undefined) return failed.trim().replaceAll(/\s*\n\s*/g, '; ') || 'it ended with an error and said nothing';
  return /-> Profile \S+ credential_process ((?:returned|did not return) .*)/.exec(text)?.[1];
}

const ENVIRONMENT_KEYS = 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN';

/** How to renew the credentials in use: a command that works as printed, where there is one. */
export function renewCredentials(access: AwsAccess): Hint {
  const { profile } = access;
  if (isFromEnvironment(access))
    return `the keys of the environment outrank SSO and the default profile: set fresh ones (${ENVIRONMENT_KEYS}), or unset all three`;
  const said = (words: string): boolean => credentialTrail().some((text) => text.includes(words));
  if (said('credential-provider-process - fromProcess'))
    return `the credential_process of the profile ${profile ?? 'default'} hands out expired keys: renew what it reads`;
  if (said('credential-provider-ini - resolveStaticCredentials'))
    return hint`write fresh keys into the profile, its session token included: ${['aws', 'configure', ...flag(profile)]}`;
  if (said('fromLoginCredentials')) return login('login', profile);
  return login('sso', profile);
}

function login(kind: 'sso' | 'login', profile: string | undefined): Hint {
  return hint`run: ${['aws', ...(kind === 'sso' ? ['sso', 'login'] : ['login']), ...flag(profile)]}`;
}

function flag(profile: string | undefined): string[] {
  return profile === undefined ? [] : ['--profile', profile];
}

function isFromEnvironment({ credentials, profile }: AwsAccess): boolean {
  return credentials !== undefined && profile === undefined;
}

/** The keys in use, for a sentence. */
function keysOf(access: AwsAccess): string {
  if (isFromEnvironment(access)) return 'AWS_ACCESS_KEY_ID';
  return `the access key${access.profile === undefined ? '' : ` of the profile ${access.profile}`}`;
}

/** Refusals of AWS's front door by code and words (IAM user guide, "Troubleshoot signed requests"; "Common errors" of each API reference). */
const REFUSALS: readonly (readonly [code: RegExp, words: RegExp, cure: (access: AwsAccess) => Hint])[] = [
  [/^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)$/, /(?:)/, clockHint],
  [/^(InvalidSignature(Exception)?|SignatureDoesNotMatch|AuthFailure)$/, /expired|not yet current|skew/i, clockHint],
  [
    /^(InvalidSignature(Exception)?|SignatureDoesNotMatch|IncompleteSignature(Exception)?)$/,
    /(?:)/,
    (access) =>
      isFromEnvironment(access)
        ? 'AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID: copy both again'
        : `the secret does not belong to ${keysOf(access)}: copy both again`,
  ],
  [
    /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|AuthFailure)$/,
    /token|access key|credentials|validate|exist/i,
    (access) => {
      // `dev` takes the key of its own run alone.
      if (access.isLocal)
        return hint`the dev at ${access.endpointUrl ?? ''} was started by another user, or with another XDG_STATE_HOME or HOME: its key is in a file there; start your own on another port: ${['agentstream', 'dev', '--port', '0']}`;
      const isTemporary = isFromEnvironment(access) && access.credentials?.accessKeyId.startsWith('ASIA') === true;
      if (isTemporary && !access.credentials?.sessionToken)
        return 'AWS_ACCESS_KEY_ID is a temporary key: set its AWS_SESSION_TOKEN as well';
      const region = access.region === undefined ? 'the Region' : access.region;
      return hint`AWS does not know ${keysOf(access)} here: it was deleted or deactivated, is of another partition, or the account has not enabled ${region}; see ${['aws', 'sts', 'get-caller-identity']}`;
    },
  ],
  [
    /^(OptInRequired|SubscriptionRequiredException)$/,
    /(?:)/,
    ({ region = 'REGION' }) =>
      hint`the account has not enabled the Region or the service: ${['aws', 'account', 'enable-region', '--region-name', region]}, or another --region; a new account needs up to a day, and a payment method`,
  ],
];

function clockHint(): Hint {
  return hint`set the clock of this machine by NTP: AWS refuses signatures that are 5 minutes off; \`${['agentstream', 'doctor']}\` measures it`;
}
