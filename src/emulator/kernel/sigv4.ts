import aws4 from 'aws4';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError, errorType } from './aws-error.ts';

/** The parts of an `Authorization: AWS4-HMAC-SHA256 ...` header. Names of headers are in lower case, the signature is in hex. */
export type Authorization = ReturnType<typeof readAuthorization>;

const PATTERN =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** The signer and the service. @throws {AwsError} MissingAuthenticationTokenException (403), IncompleteSignatureException (400) */
export function readAuthorization(headers: IncomingHttpHeaders) {
  const header = headers.authorization;
  if (!header) throw new AwsError('MissingAuthenticationTokenException', 403, 'Missing Authentication Token');
  const match = PATTERN.exec(header);
  if (!match) {
    const message = 'the Authorization header is not a complete AWS Signature Version 4';
    throw new AwsError('IncompleteSignatureException', 400, message);
  }
  const [, accessKeyId = '', region = '', service = '', signedHeaders = '', signature = ''] = match;
  return { accessKeyId, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

/** IAM user guide, "Create a signed AWS API request". @param request.url as it came over the wire @throws {AwsError} InvalidSignatureException (403) */
export function verifySignature(
  request: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer },
  authorization: Authorization,
  secretAccessKey: string,
): void {
  const { accessKeyId, region, service, signedHeaders, signature } = authorization;
  const bodyHash = request.headers['x-amz-content-sha256'];
  // `UNSIGNED-PAYLOAD` is for Amazon S3 alone (S3 API reference, "Signature calculations").
  if (typeof bodyHash === 'string' && bodyHash !== createHash('sha256').update(request.body).digest('hex'))
    throw invalidSignature(MISMATCH);
  const headers = Object.fromEntries(signedHeaders.map((name) => [name, String(request.headers[name] ?? '')]));
  const copy = {
    service,
    region,
    method: request.method,
    path: request.url,
    // Only `doNotModifyHeaders` keeps aws4 from changing headers; it then reads the time from `Date`.
    headers: { ...headers, date: isoDate(String(request.headers['x-amz-date'] ?? '')) },
    // aws4 hashes bytes as well as text; its type only has text.
    body: request.body as unknown as string,
    doNotModifyHeaders: true,
    extraHeadersToIgnore: { date: true },
    extraHeadersToInclude: Object.fromEntries(signedHeaders.map((name) => [name, true])),
  };
  const signed = aws4.sign(copy, { accessKeyId, secretAccessKey });
  const expected = /Signature=([0-9a-f]{64})/.exec(String(signed.headers?.['Authorization']))?.[1] ?? '';
  if (!timingSafeEqual(Buffer.from(expected.padEnd(64)), Buffer.from(signature))) throw invalidSignature(MISMATCH);
}

/** `20261122T233819Z` -> `2026-11-22T23:38:19Z` */
export function isoDate(basic: string): string {
  return basic.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5');
}

/** "Common errors" of each API reference: services of the query protocol call it InvalidClientTokenId. */
export const UNKNOWN_KEY = 'UnrecognizedClientException';

export const unknownKey = (): AwsError =>
  new AwsError(UNKNOWN_KEY, 403, 'The security token included in the request is invalid.');

export const invalidSignature = errorType('InvalidSignatureException', 403);

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
