import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { parseReport } from '../../../src/bench/figures/parse-report.ts';
import { readAuthorization, verifySignature } from '../../../src/emulator/kernel/sigv4.ts';
import { openTurnFile, openTurnJournal, putObject, readTurnPlace } from '../../../src/bench/artillery/turn-journal.ts';
import { type Served, serveHttp } from '../../endpoint/serve.ts';
import { IDLE_CLIENT, runFacts, turnRecord } from '../../helpers/turn-record.ts';
import { cases } from '../../helpers/properties.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'agentstream-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('openTurnFile', () => {
  test('holds all turns, and the last facts behind them, after each write', () => {
    const line = fc.stringMatching(/^[a-zé]{0,20}$/).map((text) => `${text}\n`);
    const place = join(folder, 'file');
    fc.assert(
      fc.property(fc.array(fc.tuple(line, fc.array(line, { maxLength: 3 }))), (writes) => {
        const file = openTurnFile(place);
        let turns = '';
        for (const [turn, facts] of writes) {
          turns += turn;
          file.write(turn, facts.join(''));
          expect(String(file.read())).toBe(turns + facts.join(''));
          expect(String(readFileSync(join(place, file.name)))).toBe(turns + facts.join(''));
        }
      }),
      { numRuns: cases(30) },
    );
  });

  it('has a name of its own each time', () => {
    const names = Array.from({ length: 5 }, () => openTurnFile(join(folder, 'names')).name);
    expect(new Set(names).size).toBe(5);
  });
});

describe('openTurnJournal', () => {
  const { durationMs: _duration, sendingMs: _sending, sessions: _sessions, ...known } = runFacts();

  it('is a report after each turn, and tells at its end what became of the sessions', async () => {
    let durationMs = 0;
    const path = join(folder, 'journal');
    const journal = openTurnJournal({ type: 'folder', path }, known, () => ({ durationMs, sendingMs: 77, client: IDLE_CLIENT }));
    const read = () => {
      const [name = ''] = readdirSync(path);
      return parseReport(readFileSync(join(path, name), 'utf8'), name);
    };
    for (let index = 0; index < 3; index += 1) {
      journal.turn(turnRecord({ index, sentMs: 10 * index, session: 5 }));
      const { turns, run, clients } = read();
      expect(turns.map((turn) => turn.index)).toEqual([0, 1, 2].slice(0, index + 1));
      expect(run).toMatchObject({ sendingMs: 77, sessions: { opened: 1, stopped: 0, left: 1 } });
      expect(clients).toEqual([IDLE_CLIENT]);
    }
    durationMs = 4_321;
    const sessions = { opened: 1, stopped: 1, left: 0 };
    await journal.end(sessions);
    expect(read().run).toMatchObject({ durationMs: 4_321, sessions });
  });
});

describe('readTurnPlace', () => {
  it.each([
    ['turns', { type: 'folder', path: 'turns' }],
    ['/var/turns', { type: 'folder', path: '/var/turns' }],
    ['s3://bucket', { type: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://my.bucket/a/b/', { type: 's3', bucket: 'my.bucket', prefix: 'a/b' }],
  ])('reads %s', (text, place) => {
    expect(readTurnPlace({ AGENTSTREAM_TURNS: text })).toMatchObject(place);
  });

  it('is none when nothing is said, and refuses what it does not know', () => {
    expect(readTurnPlace({})).toBeUndefined();
    expect(readTurnPlace({ AGENTSTREAM_TURNS: '' })).toBeUndefined();
    for (const text of ['gs://bucket/a', 's3://', 's3://Bucket/a']) {
      expect(() => readTurnPlace({ AGENTSTREAM_TURNS: text })).toThrow(
        expect.objectContaining({ code: 'INVALID_TURNS_PLACE', message: expect.stringContaining(text) }),
      );
    }
  });

  it('finds an S3 of somebody else', () => {
    const env = { AGENTSTREAM_TURNS: 's3://b', AWS_ENDPOINT_URL: 'http://h:1/' };
    expect(readTurnPlace(env)).toMatchObject({ endpointUrl: 'http://h:1' });
  });
});

describe('putObject', () => {
  const KEY = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const BODY = Buffer.from('{"type":"turn"}\né\n');
  let served: Served | undefined;
  afterEach(() => served?.close());

  /** An S3 in one Region that checks signatures. */
  const serveS3 = async (region: string): Promise<{ url: string; objects: Map<string, Buffer> }> => {
    const objects = new Map<string, Buffer>();
    const take = async (request: IncomingMessage): Promise<number> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const { method = '', url = '', headers } = request;
      const authorization = readAuthorization(headers);
      if (authorization.region !== region) return 301;
      verifySignature({ method, url, headers, body }, authorization, KEY.secretAccessKey);
      objects.set(decodeURIComponent(url), body);
      return 200;
    };
    served = await serveHttp((request, response) => {
      void take(request)
        .catch(() => 403)
        .then((status) => {
          response.writeHead(status, { 'x-amz-bucket-region': region });
          response.end(status === 403 ? '<Error><Code>SignatureDoesNotMatch</Code></Error>' : '');
        });
    });
    return { url: served.url, objects };
  };
  const put = (url: string, region: string, key = KEY): Promise<void> =>
    putObject({ bucket: 'my-bucket', key: 'runs/one two/turns.ndjson' }, BODY, {
      region,
      endpointUrl: url,
      credentials: async () => key,
    });

  it('signs what it sends', async () => {
    const { url, objects } = await serveS3('eu-west-1');
    await put(url, 'eu-west-1');
    expect(objects).toEqual(new Map([['/my-bucket/runs/one two/turns.ndjson', BODY]]));
  });

  it('goes where S3 says that the bucket is', async () => {
    const { url, objects } = await serveS3('eu-west-1');
    await put(url, 'us-east-1');
    expect(objects.size).toBe(1);
  });

  it('says what S3 refused', async () => {
    const { url } = await serveS3('eu-west-1');
    await expect(put(url, 'eu-west-1', { ...KEY, secretAccessKey: 'other' })).rejects.toThrow(
      'could not write s3://my-bucket/runs/one two/turns.ndjson: 403 SignatureDoesNotMatch',
    );
  });
});
