import type { AwsAccess } from '../aws/aws-access.ts';
import { shellWord } from '../cli/command-line.ts';

/**
 * Arguments by which callers of a stack authenticate in a curl line, by its mode (`deploy --auth`).
 * @param apiKey as it stands between double quotes in a shell
 * @param header that carries a token; in another than `Authorization` it stands alone
 */
export function curlAuth(mode: string | undefined, apiKey: string, region: string, header = 'authorization'): string[] {
  switch (mode) {
    case 'api-key':
      return [`-H "x-api-key: ${apiKey}"`];
    case 'cognito':
    case 'lambda':
      return [`-H "${header}: ${header.toLowerCase() === 'authorization' ? 'Bearer ' : ''}$AGENTSTREAM_TOKEN"`];
    case 'iam':
      return [
        `--aws-sigv4 "aws:amz:${region}:execute-api"`,
        `--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
        `-H "x-amz-security-token: $AWS_SESSION_TOKEN"`,
      ];
    default:
      return [];
  }
}

/**
 * A curl command that streams one turn and works as printed.
 * @param auth as `curlAuth`
 * @param headers that every request to the endpoint carries
 */
export function curlLine(url: string, auth: readonly string[], headers: Readonly<Record<string, string>> = {}): string {
  return [
    `curl -N ${url}/invoke`,
    ...auth,
    ...Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`),
    `-H 'content-type: application/json'`,
    `-d '{"prompt":"Hello!"}'`,
  ].join(' \\\n    ');
}

/**
 * Commands that export the AWS credentials which a curl line signs with; none when they come from the environment.
 * The AWS CLI resolves those of a profile (AWS CLI command reference, `configure export-credentials`).
 */
export function credentialLines({
  credentials,
  profile,
  isLocal,
}: Pick<AwsAccess, 'credentials' | 'profile' | 'isLocal'>): string[] {
  if (credentials && isLocal) {
    const { accessKeyId, secretAccessKey } = credentials;
    return [`export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} AWS_SESSION_TOKEN=`];
  }
  if (credentials) return [];
  const flag = profile === undefined ? '' : ` --profile ${shellWord(profile)}`;
  return [`eval "$(aws configure export-credentials${flag} --format env)"`];
}
