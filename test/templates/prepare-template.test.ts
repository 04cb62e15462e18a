import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compactYaml } from '../../src/templates/prepare-template.ts';

const TEXT = `# Says what it is.

Resources:
  # Why.
  Role:
    Policies:
      - Name: a
        Statement:
          - Effect: Allow
            Action:
              - x:Y

        # Between.
      - - nested
        - - deeper
          - more: 1
            than: one
      - - key: 1
          other: 2
    Text: '# no comment'
Outputs:
  Url: { Value: x }
`;

test('means the same, with less', () => {
  const compact = compactYaml(TEXT);
  expect(parse(compact)).toEqual(parse(TEXT));
  expect(compact.split('\n').slice(0, 8)).toEqual([
    '# Says what it is.',
    'Resources:',
    ' Role:',
    '  Policies:',
    '   - Name: a',
    '     Statement:',
    '      - Effect: Allow',
    '        Action:',
  ]);
  expect(compact).not.toContain('Why');
  expect(compact).not.toContain('Between');
});

test('a literal block moves as a whole', () => {
  const text = 'A:\n  Code: |\n      first\n        deeper\n\n      # last\n  After: 1\n';
  const wide = compactYaml(text, 4);
  expect(wide).toBe('A:\n    Code: |\n        first\n          deeper\n\n        # last\n    After: 1\n');
  expect(parse(wide)).toEqual(parse(text));
});

test('there and back again is the same', () => {
  const compact = compactYaml(TEXT);
  expect(compactYaml(compactYaml(compact, 2), 1)).toBe(compact);
});
