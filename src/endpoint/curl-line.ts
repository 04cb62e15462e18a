import { type AwsAccess, DEV_CREDENTIALS } from '../aws/aws-access.ts';
import { shellWord } from '../cli/command-line.ts';

/** How the curl line authenticates. */
type CurlAuth =
  | { readonly type: 'none' }
  /** `value` is put between double quotes in a shell. */
  | { readonly type: 'api-key'; readonly value: string }
  /** As `api-key`. In a header of another name than `Authorization` it stands alone. */
  | { readonly type: 'bearer'; readonly value: string; readonly header?: string | undefined }
  | { readonly type: 'iam'; readonly region: string };

/**
 * How callers of a stack authenticate in a curl line, by its mode (`deploy --auth`).
 * @param apiKey as it stands between double quotes in a shell
 * @param header that carries a token; undefined for `Authorization`
 */
export function curlAuth(mode: string | undefined, apiKey: string, region: string, header: string | undefined): CurlAuth {
  if (mode === 'api-key') return { type: 'api-key', value: apiKey };
  if (mode === 'iam') return { type: 'iam', region };
  return mode === 'cognito' || mode === 'lambda' ? { type: 'bearer', value: '$AGENTSTREAM_TOKEN', header } : { type: 'none' };
}

/** A curl command that streams one turn and works as printed. @param headers that every request to the endpoint carries */
export function curlLine(url: string, auth: CurlAuth, headers: Readonly<Record<string, string>> = {}): string {
  return [
    `curl -N ${url}/invoke`,
    ...authArguments(auth),
    ...Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`),
    `-H 'content-type: application/json'`,
    `-d '{"prompt":"Hello!"}'`,
  ].join(' \\\n    ');
}

function authArguments(auth: CurlAuth): string[] {
  if (auth.type === 'none') return [];
  if (auth.type === 'api-key') return [`-H "x-api-key: ${auth.value}"`];
  if (auth.type === 'bearer') {
    const { header = 'authorization', value } = auth;
    return [`-H "${header}: ${header.toLowerCase() === 'authorization' ? 'Bearer ' : ''}${value}"`];
  }
  return [
    `--aws-sigv4 "aws:amz:${auth.region}:execute-api"`,
    `--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
    `-H "x-amz-security-token: $AWS_SESSION_TOKEN"`,
  ];
}

/**
 * Commands that export the AWS credentials which a curl line signs with; none when they come from the environment.
 * The AWS CLI resolves those of a profile (AWS CLI command reference, `configure export-credentials`).
 */
export function credentialLines({ credentials, profile }: Pick<AwsAccess, 'credentials' | 'profile'>): string[] {
  if (credentials === DEV_CREDENTIALS) {
    const { accessKeyId, secretAccessKey } = credentials;
    return [`export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} AWS_SESSION_TOKEN=`];
  }
  if (credentials) return [];
  const flag = profile === undefined ? '' : ` --profile ${shellWord(profile)}`;
  return [`eval "$(aws configure export-credentials${flag} --format env)"`];
}
