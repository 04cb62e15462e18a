import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** A call as it goes over the wire but for its signature. */
export interface Call {
  readonly method: string;
  /** Path and query, percent-encoded; the query has its parameters in the order of their names. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The headers of a call, its signature among them. */
export type SignCall = (call: Call, env: NodeJS.ProcessEnv, now?: Date) => Readonly<Record<string, string>>;

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'bedrock-agentcore';

/**
 * Makes the signer of AgentCore calls in one Region (IAM User Guide, "Create a signed AWS API request"). Credentials are read at each
 * call: Lambda may change them. By hand, since it is the one thing between a request and its first byte that takes time, and half of
 * the code that a cold start would load otherwise.
 * @param host with the port unless it is the protocol's own, as the Host header has it
 */
export function createSigner(host: string, region: string): SignCall {
  /** The key of a day changes once a day, and with the secret. */
  let derived: { readonly from: string; readonly key: KeyObject } | undefined;

  const keyOf = (secret: string, date: string): KeyObject => {
    const from = `${date} ${secret}`;
    if (derived?.from === from) return derived.key;
    const ofDate = hmac(`AWS4${secret}`, date);
    const bytes = hmac(hmac(hmac(ofDate, region), SERVICE), 'aws4_request');
    // Half the time of a use that the bytes themselves would take (Node.js 24).
    derived = { from, key: createSecretKey(bytes) };
    return derived.key;
  };

  return (call, env, now = new Date()) => {
    const time = now.toISOString().replaceAll(/[:-]|\.\d+/g, '');
    const date = time.slice(0, 8);
    const sessionToken = env['AWS_SESSION_TOKEN'];
    const headers: Record<string, string> = {
      ...call.headers,
      Host: host,
      'X-Amz-Date': time,
      ...(sessionToken && { 'X-Amz-Security-Token': sessionToken }),
    };
    const [canonical, signedHeaders] = canonicalRequest(call, headers);
    const scope = `${date}/${region}/${SERVICE}/aws4_request`;
    const key = keyOf(env['AWS_SECRET_ACCESS_KEY'] ?? '', date);
    const text = `${ALGORITHM}\n${time}\n${scope}\n${hash('sha256', canonical)}`;
    const signature = hmac(key, text).toString('hex');
    return {
      ...headers,
      'Content-Length': String(Buffer.byteLength(call.body)),
      Authorization: `${ALGORITHM} Credential=${env['AWS_ACCESS_KEY_ID'] ?? ''}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    };
  };
}

/** The canonical request and its signed headers. The path is encoded twice, as every service except S3 requires. */
function canonicalRequest(
  { method, path, body }: Call,
  headers: Readonly<Record<string, string>>,
): readonly [text: string, signedHeaders: string] {
  const [resource = '', query = ''] = path.split('?');
  const lines = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().replaceAll(/ +/g, ' ')] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const signedHeaders = lines.map(([name]) => name).join(';');
  const text = [
    method,
    resource.split('/').map(encode).join('/'),
    query,
    ...lines.map(([name, value]) => `${name}:${value}`),
    '',
    signedHeaders,
    hash('sha256', body),
  ].join('\n');
  return [text, signedHeaders];
}

/** RFC 3986: `encodeURIComponent` leaves a few characters that are not unreserved. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hmac(key: string | Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
