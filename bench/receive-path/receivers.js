// Three ways to receive an event stream. Each takes a URL, how many streams, and a function that is given each event's text with
// the time of its arrival; it settles when all streams have ended, and tells how many events it has counted.
import http from 'node:http';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { createApiGatewayTransport } from '../../dist/endpoint/api-gateway.js';
import { runTurn } from '../../dist/endpoint/run-turn.js';

/** Reads of the reference from which the sender's time is taken: so few that they cost nothing. */
const SAMPLED = 16;

/**
 * @typedef {(sentText: string, arrivedAt: number) => void} Sample
 * @typedef {(url: string, streams: number, sample: Sample) => Promise<number>} Receiver
 */

/** @type {Record<string, Receiver>} */
export const RECEIVERS = {
  'node:http': (url, streams, sample) =>
    all(streams, async () => {
      let reads = 0;
      const request = http.request(`${url}/invoke`, { method: 'POST', agent: false });
      request.end('{"prompt":"go"}');
      await new Promise((resolve, reject) => {
        request.on('error', reject);
        request.on('response', (response) => {
          response.on('data', (/** @type {Buffer} */ bytes) => {
            const at = performance.now();
            reads += 1;
            if (reads % SAMPLED === 0) sample(textOf(bytes), at);
          });
          response.on('end', resolve);
          response.on('error', reject);
        });
      });
      return reads;
    }),

  agentstream: (url, streams, sample) =>
    all(streams, async () => {
      const transport = createApiGatewayTransport({ url, auth: { type: 'none' } });
      let events = 0;
      const { metrics, failure } = await runTurn(
        transport,
        { prompt: 'go' },
        {
          onEvent(event, at) {
            events += 1;
            if (events % SAMPLED === 0 && event.type === 'text-delta') sample(event.text, at);
          },
        },
        new AbortController().signal,
      );
      await transport.close();
      if (failure) throw failure;
      if (metrics.outcome !== 'ok') throw new Error(metrics.outcome);
      return metrics.textEvents;
    }),

  'fetch, piped': (url, streams, sample) =>
    all(streams, async () => {
      const response = await fetch(`${url}/invoke`, { method: 'POST', body: '{"prompt":"go"}' });
      if (!response.body) throw new Error('no body');
      const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      let count = 0;
      for await (const { data } of events) {
        const at = performance.now();
        count += 1;
        if (count % SAMPLED === 0) sample(JSON.parse(data), at);
      }
      return count;
    }),
};

/**
 * @param {number} streams
 * @param {() => Promise<number>} receive
 */
async function all(streams, receive) {
  const counts = await Promise.all(Array.from({ length: streams }, receive));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** @param {Buffer} bytes */
function textOf(bytes) {
  const text = bytes.toString('latin1');
  return text.slice(text.indexOf('"') + 1);
}
