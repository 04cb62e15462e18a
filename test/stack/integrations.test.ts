import { expect, test } from 'vitest';
import { judgeIntegration } from '../../src/stack/integrations.ts';

const uriOf = (functionName: string, api = 'response-streaming-invocations') =>
  `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/arn:aws:lambda:us-east-1:000000000000:function:${functionName}/${api}`;
const GOOD = {
  method: 'POST /invoke',
  exists: true as const,
  transferMode: 'STREAM' as const,
  uri: uriOf('mine'),
  timeoutMs: 900_000,
};

test.each<[what: string, change: object, problems: string[]]>([
  ['as deployed', {}, []],
  ['a version or an alias of the function', { uri: uriOf('mine:live') }, []],
  ['another function', { uri: uriOf('other') }, ['POST /invoke calls a function outside the stack']],
  [
    'answers that are kept whole',
    { transferMode: 'BUFFERED' },
    ['POST /invoke has the transfer mode BUFFERED: answers arrive whole, without streaming'],
  ],
  [
    'not the streaming API',
    { uri: uriOf('mine', 'invocations') },
    ["POST /invoke does not call Lambda's streaming API (invocations)"],
  ],
  ['no URI', { uri: undefined }, ["POST /invoke does not call Lambda's streaming API (no URI)"]],
  ['a shorter timeout', { timeoutMs: 29_000 }, ['POST /invoke ends streams after 29 s instead of 15 min']],
  ['no timeout told', { timeoutMs: undefined }, ['POST /invoke ends streams after 0 ms instead of 15 min']],
])('an integration: %s', (_, change, problems) => {
  expect(judgeIntegration({ ...GOOD, ...change }, 'mine')).toEqual(problems);
});

test('a method that is missing; a function whose name is not known', () => {
  expect(judgeIntegration({ method: 'POST /invoke', exists: false }, 'mine')).toEqual(['POST /invoke is missing']);
  expect(judgeIntegration(GOOD, undefined)).toEqual([]);
});
