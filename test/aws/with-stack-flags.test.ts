import { expect, test } from 'vitest';
import { withStackFlags } from '../../src/aws/with-stack-flags.ts';

const FLAGS = ' --stack-name staging --region eu-west-1';

test.each([
  [
    'lift it: agentstream deploy --no-protection',
    `lift it: agentstream deploy${FLAGS} --no-protection`,
  ],
  [
    'mend it, then run agentstream destroy again',
    `mend it, then run agentstream destroy${FLAGS} again`,
  ],
  [
    '`agentstream deploy`; agentstream key retire; agentstream status',
    `\`agentstream deploy${FLAGS}\`; agentstream key retire${FLAGS}; agentstream status${FLAGS}`,
  ],
  [
    'agentstream key rotate, agentstream doctor',
    `agentstream key rotate${FLAGS}, agentstream doctor${FLAGS}`,
  ],
])('%s leads to the same stack', (text, led) => {
  expect(withStackFlags(text, FLAGS)).toBe(led);
  expect(withStackFlags(led, FLAGS)).toBe(led);
  expect(withStackFlags(text, '')).toBe(text);
});

test.each([
  `follow it with: agentstream deploy --attach${FLAGS}`,
  'all that it needs: agentstream iam-policy',
  'the stack agentstream deploys nothing',
])('%s stays', (text) => {
  expect(withStackFlags(text, FLAGS)).toBe(text);
});
