import { describe, test } from 'vitest';
import { startCustomChain } from './custom-chain.ts';
import { heldWriteRows } from './fault-table/held-writes.ts';
import { refusalRows } from './fault-table/refusals.ts';
import { silenceRows } from './fault-table/silences.ts';
import type { StartChain } from './fault-table/start-chain.ts';
import { streamRows } from './fault-table/streams.ts';
import { volumeRows } from './fault-table/volume.ts';
import { findRuntimeClient } from './runtime-client/find-runtime-client.ts';

// The fault table once more, with AWS's own client of the Runtime API in the function's process, on Node.js 24. Not run so:
// - a failed write that ends the call of the agent (client-gone.test.ts): this client ends its process when its connection breaks
// - credentials that change between two calls (concurrent.test.ts): its process cannot be told to change its environment
// - headers of the agent's own (agent-headers.test.ts): the gateway and the handler decide, the client has no part in it
// - two turns at once: its multi-concurrency mode wants a Runtime API that gives out several events (concurrent.test.ts)
for (const name of ['aws-lambda-ric', 'aws-lambda-ric-3']) {
  const client = findRuntimeClient(name);
  if (client.type === 'missing') {
    process.stderr.write(`skipped: the fault table under ${name}: ${client.reason}\n`);
    test.skip(`${name} (${client.reason})`, () => undefined);
    continue;
  }
  const start: StartChain = (agent, options = {}) =>
    startCustomChain(agent, { ...options, variables: { ...options.variables, ...client.variables } });
  describe(`aws-lambda-ric ${client.version}`, () => {
    describe('refusals', () => refusalRows(start));
    describe('streams', () => streamRows(start));
    describe('silences', () => silenceRows(start));
    describe('held writes', () => heldWriteRows(start));
    describe('volume', () => volumeRows(start));
  });
}
