import { type Hint, hint } from '../cli/hint.ts';
import type { AwsAccess } from './aws-access.ts';

/** How to get fresh credentials, for those that are in use: a command that works as printed where there is one. */
export function renewCredentials({ credentials, profile }: AwsAccess): Hint {
  if (credentials && !profile) {
    return 'set fresh ones: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN';
  }
  return hint`run: ${['aws', 'sso', 'login', ...(profile ? ['--profile', profile] : [])]}`;
}
