import { expect, test } from 'vitest';
import { createAccessLogReader } from '../../src/stack/log-entry.ts';

const VALUES = {
  requestId: '8ff1e0d5-1c4e-4a07-a9c4-1c1e9a8a6c2f',
  status: 200,
  transferMode: 'STREAMED',
  headersMs: 41,
  firstContentMs: 44,
  endMs: 9_120,
};

test.each([
  [
    'JSON, numbers without quotes',
    '{"id":"$context.requestId","s":$context.status,"m":"$context.integration.responseTransferMode","h":$context.integration.timeToAllHeaders,"f":$context.integration.timeToFirstContent,"l":$context.integrationLatency}',
    '{"id":"8ff1e0d5-1c4e-4a07-a9c4-1c1e9a8a6c2f","s":200,"m":"STREAMED","h":41,"f":44,"l":9120}',
  ],
  [
    'CLF with brackets and pluses',
    '[$context.requestTime] "$context.httpMethod" $context.status $context.requestId $context.integration.responseTransferMode $context.integration.timeToAllHeaders+$context.integration.timeToFirstContent+$context.integration.latency',
    '[23/Nov/2026:03:12:45 +0000] "-" 200 8ff1e0d5-1c4e-4a07-a9c4-1c1e9a8a6c2f STREAMED 41+44+9120\n',
  ],
  [
    'XML',
    '<r id="$context.requestId"><s>$context.status</s> <t>$context.integration.responseTransferMode,$context.integration.timeToAllHeaders,$context.integration.timeToFirstContent,$context.integrationLatency</t></r>',
    '<r id="8ff1e0d5-1c4e-4a07-a9c4-1c1e9a8a6c2f"><s>200</s> <t>STREAMED,41,44,9120</t></r>',
  ],
])('reads a line by its format: %s', (_, format, line) => {
  expect(createAccessLogReader(format)(line)).toEqual(VALUES);
});

test('what has no value is left out', () => {
  const read = createAccessLogReader(
    '{"status":"$context.status","first":"$context.integration.timeToFirstContent","error":"$context.error.message","ip":"$context.identity.sourceIp"}',
  );
  expect(read('{"status":"403","first":"-","error":"Missing Authentication Token","ip":"1.2.3.4"}')).toEqual({
    status: 403,
    error: 'Missing Authentication Token',
  });
});

test('a line of another format is not read', () => {
  const read = createAccessLogReader('{"status":"$context.status"}');
  expect(read('1.2.3.4 - - "POST /v1/invoke" 200')).toBeUndefined();
  expect(createAccessLogReader('')('anything')).toBeUndefined();
});
