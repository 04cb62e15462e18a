import { UsageError } from '../../cli/errors.ts';

/** Where the turns of a test are written down. */
export type TurnPlace =
  | { readonly type: 'folder'; readonly path: string }
  | {
      readonly type: 's3';
      readonly bucket: string;
      /** Without slashes at its ends; may be empty. */
      readonly prefix: string;
      /** Instead of AWS's own. */
      readonly endpointUrl: string | undefined;
    };

/**
 * Reads AGENTSTREAM_TURNS: a folder, or `s3://BUCKET/PREFIX`.
 * @returns undefined when it is not set
 * @throws {UsageError} INVALID_TURNS_PLACE
 */
export function readTurnPlace(env: NodeJS.ProcessEnv): TurnPlace | undefined {
  const text = env['AGENTSTREAM_TURNS'];
  if (!text) return undefined;
  if (!/^[a-z0-9]+:\/\//i.test(text)) return { type: 'folder', path: text };
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9.-]+)(\/.*)?$/.exec(text) ?? [];
  if (bucket === undefined) {
    throw new UsageError(
      'INVALID_TURNS_PLACE',
      `not a place for turns: AGENTSTREAM_TURNS=${text}`,
      {
        hint: 'a folder, or s3://BUCKET/PREFIX',
      },
    );
  }
  const prefix = path.split('/').filter(Boolean).join('/');
  const endpointUrl = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'];
  return { type: 's3', bucket, prefix, endpointUrl: endpointUrl?.replace(/\/$/, '') };
}
