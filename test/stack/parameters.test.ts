import { expect, test } from 'vitest';
import { effectiveParameters, mergeParameters } from '../../src/stack/parameters.ts';

test('what is given is set, what the stack has is kept, and new parameters have their default', () => {
  expect(mergeParameters({ A: '1', B: undefined }, { A: '0', B: 'x' })).toEqual([
    { ParameterKey: 'A', ParameterValue: '1' },
    { ParameterKey: 'B', UsePreviousValue: true },
  ]);
  expect(effectiveParameters({ A: '1', B: undefined }, { A: '0', B: 'x' })).toEqual({ A: '1', B: 'x' });
});

test('a stack of an older version keeps its origin under the name that it has now', () => {
  const current = { CorsOrigin: 'https://app.example', MemorySize: '512' };
  expect(mergeParameters({}, current)).toEqual([
    { ParameterKey: 'CorsOrigins', ParameterValue: 'https://app.example' },
    { ParameterKey: 'MemorySize', UsePreviousValue: true },
  ]);
  expect(effectiveParameters({}, current)).toEqual({ CorsOrigins: 'https://app.example', MemorySize: '512' });
  expect(mergeParameters({ CorsOrigins: '' }, current)).toContainEqual({ ParameterKey: 'CorsOrigins', ParameterValue: '' });
});
