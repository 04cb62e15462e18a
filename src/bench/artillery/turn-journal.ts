import aws4 from 'aws4';
import { createHash, randomUUID } from 'node:crypto';
import { ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { openSigning, type SigningKey } from '../../endpoint/authorize.ts';
import { openProxyAgent } from '../../aws/proxied-request.ts';
import { proxyFor, type ProxySettings, readProxies } from '../../aws/proxy.ts';
import type { ThreadRun } from './thread-run.ts';
import type { RunFactsSoFar } from '../figures/report-schema.ts';
import { formatReportLine } from '../figures/report.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { UsageError } from '../../cli/errors.ts';

/** How old the facts behind the last turn may be, ms. */
const FACTS_AGE_MS = 1_000;

/** The turns of a thread as `bench --ndjson` writes them, for `bench merge`. @param run known at the start @param progress now */
export function openTurnJournal(place: TurnPlace, run: RunFactsSoFar, progress: ThreadRun['progress']) {
  const file = openTurnFile(place.type === 'folder' ? place.path : tmpdir());
  let facts = { at: -Infinity, text: '' };
  const readFacts = (sessions?: RunFactsSoFar['sessions']): string => {
    const { client, ...times } = progress();
    const text =
      formatReportLine('run', { ...run, ...times, ...(sessions && { sessions }) }) + formatReportLine('client', client);
    facts = { at: performance.now(), text };
    return text;
  };
  return {
    turn(turn: TurnRecord): void {
      const isOld = performance.now() - facts.at > FACTS_AGE_MS;
      file.write(formatReportLine('turn', turn), isOld ? readFacts() : facts.text);
    },
    /** @throws {Error} when S3 did not take the file */
    async end(sessions: RunFactsSoFar['sessions']): Promise<void> {
      file.write('', readFacts(sessions));
      if (place.type === 'folder') return;
      const { bucket, prefix, endpointUrl, proxies } = place;
      const key = [prefix, file.name].filter(Boolean).join('/');
      await putObject({ bucket, key }, file.read(), { ...(await openSigning(proxies && { proxies })), endpointUrl, proxies });
    },
  };
}

/** Where the turns of a test are written. */
export type TurnPlace = NonNullable<ReturnType<typeof readTurnPlace>>;

/** Reads AGENTSTREAM_TURNS: a folder, or `s3://BUCKET/PREFIX`. @throws {UsageError} INVALID_TURNS_PLACE */
export function readTurnPlace(env: NodeJS.ProcessEnv) {
  const text = env['AGENTSTREAM_TURNS'];
  if (!text) return undefined;
  if (!/^[a-z0-9]+:\/\//i.test(text)) return { type: 'folder' as const, path: text };
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9.-]+)(\/.*)?$/.exec(text) ?? [];
  if (bucket === undefined) {
    throw new UsageError('INVALID_TURNS_PLACE', `not a place for turns: AGENTSTREAM_TURNS=${text}`, {
      hint: 'a folder, or s3://BUCKET/PREFIX',
    });
  }
  /** Without slashes at its ends; may be empty. */
  const prefix = path.split('/').filter(Boolean).join('/');
  const endpointUrl = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'];
  return { type: 's3' as const, bucket, prefix, endpointUrl: endpointUrl?.replace(/\/$/, ''), proxies: readProxies(env) };
}

/**
 * Makes a file of a name that no other thread of any machine has, and its folder. It is a complete report at any moment, because Artillery
 * ends threads without notice: the facts follow the last turn. @throws as `node:fs` does
 */
export function openTurnFile(folder: string) {
  mkdirSync(folder, { recursive: true });
  const name = `turns-${randomUUID()}.ndjson`;
  const path = join(folder, name);
  const file = openSync(path, 'wx');
  let turnsBytes = 0;
  let fileBytes = 0;
  return {
    name,
    /** @param line a turn, with its line feed @param facts the lines that follow it */
    write(line: string, facts: string): void {
      const written = writeSync(file, line + facts, turnsBytes);
      const endBytes = turnsBytes + written;
      if (endBytes < fileBytes) ftruncateSync(file, endBytes);
      fileBytes = endBytes;
      turnsBytes += Buffer.byteLength(line);
    },
    read: () => readFileSync(path),
  };
}

interface ObjectAccess {
  /** First guess; S3 answers with the Region of the bucket. */
  readonly region: string;
  /** Replaces AWS's endpoint; buckets are addressed by path. */
  readonly endpointUrl?: string | undefined;
  readonly proxies?: ProxySettings | undefined;
  readonly credentials: () => Promise<SigningKey>;
}

/** Puts one object into S3 (Amazon S3 API reference, PutObject). @throws {Error} with what S3 answered, or why it did not */
export async function putObject(
  { bucket, key }: Readonly<Record<'bucket' | 'key', string>>,
  body: Buffer,
  { region, endpointUrl, proxies, credentials }: ObjectAccess,
): Promise<void> {
  const path = key.split('/').map(encodeURIComponent).join('/');
  const hash = createHash('sha256').update(body).digest('hex');
  const unsigned = { 'x-amz-content-sha256': hash, 'content-type': 'application/x-ndjson' };
  const put = async (to: string) => {
    const url = new URL(endpointUrl ? `${endpointUrl}/${bucket}/${path}` : `https://${bucket}.s3.${to}.amazonaws.com/${path}`);
    const plain = { service: 's3', region: to, method: 'PUT', host: url.host, path: url.pathname, headers: { ...unsigned } };
    const { Host: _host, ...headers } = aws4.sign(plain, await credentials()).headers as Record<string, string>;
    const proxy = proxyFor(url.href, proxies);
    return await request(url, { method: 'PUT', headers, body, ...(proxy && { dispatcher: openProxyAgent(proxy.url) }) });
  };
  try {
    let answer = await put(region);
    const [home = region] = [answer.headers['x-amz-bucket-region']].flat();
    if (answer.statusCode !== 200 && home !== region) {
      await answer.body.dump();
      answer = await put(home);
    }
    const [, code = ''] = /<Code>(\w+)<\/Code>/.exec(await answer.body.text()) ?? [];
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${code}`.trim());
  } catch (error) {
    throw new Error(`could not write s3://${bucket}/${key}: ${(error as Error).message}`, { cause: error });
  }
}
