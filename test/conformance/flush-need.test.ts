import { expect, test } from 'vitest';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { startChain } from '../helpers/chain.ts';
import { findFlushNeed } from './flush-need.ts';

test.each([
  ['nothing', {}, 'off'],
  ['each small write until the next', { holdWritesBelowBytes: 16_384 }, 'auto'],
  ['all until the end', { bufferedShare: 1 }, undefined],
])('of a runtime that holds %s', async (_, lambda, need) => {
  const chain = await startChain(createActingAgent(), { lambda });
  try {
    expect(await findFlushNeed({ url: chain.url, headers: {} })).toBe(need);
  } finally {
    await chain.close();
  }
});
