import { expect, test } from 'vitest';
import { checkCertificate } from '../../src/checks/check-certificate.ts';

const arnIn = (region: string): string => `arn:aws:acm:${region}:000000000000:certificate/0123abcd`;

test.each([
  ['REGIONAL', 'eu-west-1', 'eu-west-1', 'ok'],
  ['REGIONAL', 'us-east-1', 'eu-west-1', 'failed'],
  ['EDGE', 'us-east-1', 'eu-west-1', 'ok'],
  ['EDGE', 'eu-west-1', 'eu-west-1', 'failed'],
])('%s with a certificate of %s for a stack in %s: %s', (type, place, region, status) => {
  expect(checkCertificate(arnIn(place), type, region)).toMatchObject({
    check: 'certificate',
    status,
    ...(status === 'failed' && { hint: expect.stringContaining('aws acm request-certificate') }),
  });
});
