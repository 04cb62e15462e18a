import { setTimeout as sleep } from 'node:timers/promises';
import { openStream } from '../../helpers/post.ts';
import { chooseProtocol, seeInBrowser, seeOverHttp2 } from '../clients.ts';
import type { Row } from '../row.ts';
import { functionDurations } from './logs.ts';

const PROBE = { count: 10, interval_ms: 100 };
/** Fewer reads mean that events came together. */
const inPieces = (status: number, pieces: number): string =>
  `${status}, ${pieces > PROBE.count / 2 ? 'as it comes' : `in ${pieces} pieces`}`;

const NEWEST = ['h2', 'http/1.1'];
const SPOKEN = { regional: 'http/1.1', edge: 'h2' } as const;

/** HTTP/2 at an endpoint of a type. */
export const http2Rows = (endpoint: keyof typeof SPOKEN): readonly Row[] => [
  {
    id: 'B4',
    question: `the newest HTTP that ${endpoint === 'edge' ? 'an edge-optimized' : 'a regional'} endpoint speaks`,
    assumed: SPOKEN[endpoint],
    async ask(world, { url }) {
      const chosen = await chooseProtocol(await world.tlsOf(url, endpoint), { ALPNProtocols: NEWEST });
      return chosen.replace(/^\S+ /, '');
    },
  },
  {
    id: 'B4',
    question: 'a stream over HTTP/2',
    assumed: SPOKEN[endpoint] === 'h2' ? '200, as it comes' : 'not spoken',
    async ask(world, { url, headers }) {
      const address = await world.tlsOf(url, endpoint);
      const chosen = await chooseProtocol(address, { ALPNProtocols: NEWEST });
      if (!chosen.endsWith('h2')) return 'not spoken';
      const { status, pieces } = await seeOverHttp2(address, `${url}/probe`, PROBE, headers);
      return inPieces(status, pieces);
    },
  },
];

/** Other clients than ours, and clients that go. */
export const CLIENTS: readonly Row[] = [
  {
    id: 'B3',
    question: 'a page in a browser reads a stream',
    assumed: '200, as it comes',
    async ask(_, { url, headers }) {
      const { status, pieces } = await seeInBrowser(`${url}/probe`, PROBE, headers);
      return inPieces(status, pieces);
    },
  },
  ...http2Rows('regional'),
  {
    id: 'B16',
    question: 'what a function does whose client has gone',
    assumed: 'it goes on to its end',
    async ask(world, deployed) {
      const lastsMs = 4_000;
      const since = Date.now();
      const stream = await openStream(`${deployed.url}/probe`, { count: 5, interval_ms: lastsMs / 4 }, deployed.headers);
      await stream.next();
      stream.destroy();
      await sleep(lastsMs);
      const durations = await functionDurations(world, deployed, since);
      const longest = Math.max(...durations);
      return longest >= lastsMs * 0.9 ? 'it goes on to its end' : `it ends after ${longest} ms`;
    },
  },
];
