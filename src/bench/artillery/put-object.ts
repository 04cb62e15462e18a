import aws4 from 'aws4';
import { createHash } from 'node:crypto';
import { request } from 'undici';
import type { SigningKey } from '../../endpoint/authorize.ts';

export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

export interface ObjectAccess {
  /** First guess; S3 answers with the Region of the bucket. */
  readonly region: string;
  /** Replaces AWS's endpoint; buckets are addressed by path. */
  readonly endpointUrl?: string | undefined;
  readonly credentials: () => Promise<SigningKey>;
}

/** Puts one object into S3 (Amazon S3 API reference, PutObject). @throws {Error} with what S3 answered, or why it did not */
export async function putObject(place: ObjectPlace, body: Buffer, access: ObjectAccess): Promise<void> {
  const failed = (reason: string, cause?: unknown): Error =>
    new Error(`could not write s3://${place.bucket}/${place.key}: ${reason}`, { cause });
  const send = async (region: string) => {
    try {
      return await put(place, body, { ...access, region });
    } catch (error) {
      throw failed((error as Error).message, error);
    }
  };
  let answer = await send(access.region);
  const { region = access.region } = answer;
  if (answer.status !== 200 && region !== access.region) answer = await send(region);
  if (answer.status === 200) return;
  const [, code = ''] = /<Code>(\w+)<\/Code>/.exec(answer.text) ?? [];
  throw failed(`${answer.status} ${code}`.trim());
}

async function put({ bucket, key }: ObjectPlace, body: Buffer, { region, endpointUrl, credentials }: ObjectAccess) {
  const path = key.split('/').map(encodeURIComponent).join('/');
  const url = new URL(endpointUrl ? `${endpointUrl}/${bucket}/${path}` : `https://${bucket}.s3.${region}.amazonaws.com/${path}`);
  const hash = createHash('sha256').update(body).digest('hex');
  const { headers = {} } = aws4.sign(
    {
      service: 's3',
      region,
      method: 'PUT',
      host: url.host,
      path: url.pathname,
      headers: { 'x-amz-content-sha256': hash, 'content-type': 'application/x-ndjson' },
    },
    await credentials(),
  );
  const { Host: _host, ...signed } = headers as Record<string, string>;
  const answer = await request(url, { method: 'PUT', headers: signed, body });
  return {
    status: answer.statusCode,
    /** Region of the bucket. */
    region: [answer.headers['x-amz-bucket-region']].flat()[0],
    text: await answer.body.text(),
  };
}
