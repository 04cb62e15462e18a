import aws4 from 'aws4';

/** How a request proves who it is. */
export type EndpointAuth =
  | { readonly type: 'none' }
  | { readonly type: 'api-key'; readonly key: string }
  | {
      readonly type: 'iam';
      readonly region: string;
      readonly credentials: () => Promise<SigningKey>;
    }
  | {
      readonly type: 'bearer';
      /** Where the token is looked for. Default: `Authorization`, as `Bearer TOKEN`; in any other it stands alone. */
      readonly header?: string | undefined;
      /**
       * The token to send.
       * @param refused one that the endpoint has just refused: another is wanted, and the same means that there is none
       */
      readonly token: (refused?: string) => Promise<string>;
    };

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A request before it is known who sends it. */
export interface Call {
  readonly method: 'POST' | 'DELETE';
  /** Below the stage. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request as it goes over the wire. */
export interface SignedCall {
  readonly method: 'POST' | 'DELETE';
  /** Below the host. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/**
 * Puts in what the endpoint wants to see: an API key, a bearer token or a signature (AWS Signature Version 4 for `execute-api`).
 * @param base URL of the stage
 * @param token of bearer authentication
 */
export async function authorize(
  auth: EndpointAuth,
  base: URL,
  { method, path: callPath, headers, body }: Call,
  token?: string,
): Promise<SignedCall> {
  const path = `${base.pathname.replace(/\/$/, '')}${callPath}`;
  const plain = {
    ...headers,
    ...(auth.type === 'api-key' && { 'x-api-key': auth.key }),
    ...(auth.type === 'bearer' && token !== undefined && bearerHeader(auth.header, token)),
  };
  if (auth.type !== 'iam') return { method, path, headers: plain, body: body ?? null };
  const signed = aws4.sign(
    {
      service: 'execute-api',
      region: auth.region,
      host: base.host,
      method,
      path,
      headers: plain,
      ...(body && { body }),
    },
    await auth.credentials(),
  );
  const { Host: _host, 'Content-Length': _length, ...sent } = signed.headers ?? {};
  return { method, path, headers: sent as Record<string, string>, body: body ?? null };
}

function bearerHeader(name = 'authorization', token: string): Record<string, string> {
  const isAuthorization = name.toLowerCase() === 'authorization';
  return { [name.toLowerCase()]: isAuthorization ? `Bearer ${token}` : token };
}
