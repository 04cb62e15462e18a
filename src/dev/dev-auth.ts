import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, clientConfig } from '../aws/aws-access.ts';
import type { DeployFlags } from '../stack/deploy-flags.ts';
import { deployDevAuthorizer } from './dev-authorizer.ts';
import type { Emulator } from '../emulator/index.ts';
import { UsageError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';

/** What of the flags says who may call. */
export interface DevAuthFlags extends DeployFlags {
  /** File of a Lambda authorizer. */
  readonly authorizer?: string;
}

/** Tokens of the local user pool hold for a day at the keyboard. */
const TOKEN_LIFE_SECONDS = 43_200;

/** Whom the local token is for. */
const DEV_USER = {
  sub: 'dev-user',
  email: 'dev-user@example.com',
  'cognito:username': 'dev-user',
};

/**
 * The flags with what has to be there before the emulator starts: `--auth cognito` has a user pool of its own unless one is named.
 * @throws {UsageError} AUTHORIZER_NEEDED, CONFLICTING_FLAGS
 */
export function withLocalPool<Flags extends DevAuthFlags>(
  flags: Flags,
  region: string,
  accountId: string,
): Flags {
  const { auth, authorizer, authorizerArn, userPoolArn } = flags;
  if (authorizer !== undefined && auth !== 'lambda') {
    throw new UsageError('CONFLICTING_FLAGS', '--authorizer belongs to --auth lambda', {
      hint: 'give both, or neither',
    });
  }
  if (auth === 'lambda' && (authorizer === undefined || authorizerArn !== undefined)) {
    throw new UsageError(
      'AUTHORIZER_NEEDED',
      'on this machine --auth lambda takes the authorizer as a file: a function elsewhere cannot be called from here',
      {
        hint: hint`${['agentstream', 'dev', '--auth', 'lambda', '--authorizer', 'authorizer.ts']}`,
      },
    );
  }
  if (auth !== 'cognito' || userPoolArn !== undefined) return flags;
  const local = `arn:aws:cognito-idp:${region}:${accountId}:userpool/${region}_LocalPool`;
  return { ...flags, userPoolArn: local };
}

/** The flags with what has to be there before the stack is deployed: the function of `--authorizer`. @throws as `bundleHandler` */
export async function withLocalAuthorizer<Flags extends DevAuthFlags>(
  flags: Flags,
  access: AwsAccess,
  signal: AbortSignal,
): Promise<Flags> {
  if (flags.authorizer === undefined) return flags;
  const client = new CloudFormationClient(clientConfig(access));
  try {
    return { ...flags, authorizerArn: await deployDevAuthorizer(client, flags.authorizer, signal) };
  } finally {
    client.destroy();
  }
}

/** A token that the stack takes, where a user pool lets callers in. */
export async function issueDevToken(
  { auth, userPoolArn, authScope }: DevAuthFlags,
  emulator: Emulator,
): Promise<string | undefined> {
  if (auth !== 'cognito' || userPoolArn === undefined) return undefined;
  const exp = Math.floor(Date.now() / 1_000) + TOKEN_LIFE_SECONDS;
  return emulator.issueToken(userPoolArn, {
    ...DEV_USER,
    exp,
    ...(authScope && { scope: authScope.replaceAll(',', ' ') }),
  });
}
