/** How the curl line shows who is calling. */
export type CurlAuth =
  | { readonly type: 'none' }
  /** `value` is put between double quotes in a shell. */
  | { readonly type: 'api-key'; readonly value: string }
  /** As `api-key`. */
  | { readonly type: 'bearer'; readonly value: string }
  | { readonly type: 'iam'; readonly region: string };

/** A curl command that streams one turn and works as printed. */
export function curlLine(url: string, auth: CurlAuth): string {
  return [
    `curl -N ${url}/invoke`,
    ...authArguments(auth),
    `-H 'content-type: application/json'`,
    `-d '{"prompt":"Hello!"}'`,
  ].join(' \\\n    ');
}

function authArguments(auth: CurlAuth): string[] {
  switch (auth.type) {
    case 'none':
      return [];
    case 'api-key':
      return [`-H "x-api-key: ${auth.value}"`];
    case 'bearer':
      return [`-H "authorization: Bearer ${auth.value}"`];
    case 'iam':
      return [
        `--aws-sigv4 "aws:amz:${auth.region}:execute-api"`,
        `--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
        `-H "x-amz-security-token: $AWS_SESSION_TOKEN"`,
      ];
  }
}
