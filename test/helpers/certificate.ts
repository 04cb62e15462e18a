import { generateKeyPairSync, sign } from 'node:crypto';

const DAY_MS = 86_400_000;
/** ecdsa-with-SHA256, and the attribute commonName (RFC 5758, X.520). */
const ECDSA_SHA256 = '06082a8648ce3d040302';
const COMMON_NAME = '0603550403';

/** A value in DER (X.690): tag, length, content. */
function der(tag: number, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)));
  const { length } = content;
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), content]);
}

/**
 * A certificate for a day that its own key has signed, in PEM. Node.js cannot make one; the packages that can bring a dozen others.
 * @param name of the server
 */
export function selfSigned(name: string): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [sequence, set, time] = [0x30, 0x31, 0x18];
  const algorithm = der(sequence, ECDSA_SHA256);
  const subject = der(sequence, der(set, der(sequence, COMMON_NAME, der(0x0c, Buffer.from(name)))));
  const at = (ms: number) => der(time, Buffer.from(new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')));
  const version = der(0xa0, '020102');
  const validity = der(sequence, at(Date.now() - DAY_MS), at(Date.now() + DAY_MS));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const content = der(sequence, version, '020101', algorithm, subject, validity, subject, spki);
  const signature = der(0x03, '00', sign('sha256', content, privateKey));
  const base64 = der(sequence, content, algorithm, signature)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n');
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}
