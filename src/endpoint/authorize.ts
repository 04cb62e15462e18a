import { type AwsAccess, clientConfig } from '../aws/aws-access.ts';

export type Credentials =
  | { readonly type: 'none' }
  | { readonly type: 'api-key'; readonly key: string }
  | {
      readonly type: 'iam';
      readonly region: string;
      /** The AWS credentials that sign, fresh ones once the last have expired. */
      readonly credentials: () => Promise<SigningKey>;
    }
  | {
      readonly type: 'bearer';
      /** Header that carries the token. Default: `Authorization`, as `Bearer TOKEN`; any other carries the token alone. */
      readonly header?: string | undefined;
      readonly token: TokenSource;
    };

/**
 * Gives the token to send.
 * @param refused a token that the endpoint has just refused: another is wanted; the same token as answer means that there is no other
 */
export type TokenSource = (refused?: string) => Promise<string>;

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Undefined for keys that do not expire. */
  readonly expiration?: Date;
}

/** A request without the credentials of its caller. */
export interface Call {
  readonly method: 'POST' | 'DELETE';
  /** Below the stage. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request as it goes over the wire; its path is below the host. */
export interface SignedCall extends Pick<Call, 'method' | 'path'> {
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/**
 * Adds the caller's credentials to a request: an API key, a bearer token, or a signature (AWS Signature Version 4 for `execute-api`).
 * @param base URL of the stage
 * @param token of bearer authentication
 */
export async function authorize(auth: Credentials, base: URL, call: Call, token?: string): Promise<SignedCall> {
  const { method, path: callPath, headers, body } = call;
  const path = `${base.pathname.replace(/\/$/, '')}${callPath}`;
  const plain = {
    ...headers,
    ...(auth.type === 'api-key' && { 'x-api-key': auth.key }),
    ...(auth.type === 'bearer' && token !== undefined && bearerHeader(auth.header, token)),
  };
  if (auth.type !== 'iam') return { method, path, headers: plain, body: body ?? null };
  const { default: aws4 } = await import('aws4');
  const signed = aws4.sign(
    { service: 'execute-api', region: auth.region, host: base.host, method, path, headers: plain, ...(body && { body }) },
    await auth.credentials(),
  );
  const { Host: _host, 'Content-Length': _length, ...sent } = signed.headers ?? {};
  return { method, path, headers: sent as Record<string, string>, body: body ?? null };
}

function bearerHeader(name = 'authorization', token: string): Record<string, string> {
  const isAuthorization = name.toLowerCase() === 'authorization';
  return { [name.toLowerCase()]: isAuthorization ? `Bearer ${token}` : token };
}

/**
 * The AWS credentials of this machine, from the SDK's own chain (environment, profile, SSO, the role of a task or a function).
 * @throws as the SDK does when no Region is set anywhere
 */
export async function openSigning(access: AwsAccess = {}) {
  // The client is made for its credential chain alone; it sends nothing.
  const { APIGatewayClient } = await import('@aws-sdk/client-api-gateway');
  const client = new APIGatewayClient(clientConfig(access));
  client.destroy();
  const { config } = client;
  return { region: await config.region(), credentials: (): Promise<SigningKey> => config.credentials() };
}
