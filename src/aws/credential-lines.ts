import { type AwsAccess, DEV_CREDENTIALS } from './aws-access.ts';
import { shellWord } from '../cli/command-line.ts';

/**
 * Commands that put credentials into the variables of which a curl line signs; none where they came out of them.
 * Those of a profile are the AWS CLI's to find (AWS CLI command reference, `configure export-credentials`).
 */
export function credentialLines({
  credentials,
  profile,
}: Pick<AwsAccess, 'credentials' | 'profile'>): string[] {
  if (credentials === DEV_CREDENTIALS) {
    const { accessKeyId, secretAccessKey } = credentials;
    return [
      `export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} AWS_SESSION_TOKEN=`,
    ];
  }
  if (credentials) return [];
  const flag = profile === undefined ? '' : ` --profile ${shellWord(profile)}`;
  return [`eval "$(aws configure export-credentials${flag} --format env)"`];
}
