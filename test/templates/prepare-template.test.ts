import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { prepareTemplate } from '../../src/templates/prepare-template.ts';

const TEXT = `# Says what it is.

Parameters: {}
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
  const compact = prepareTemplate(TEXT).text;
  expect(parse(compact)).toEqual(parse(TEXT));
  expect(compact.split('\n').slice(0, 9)).toEqual([
    '# Says what it is.',
    'Parameters: {}',
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
  const text = 'Parameters: {}\nA:\n  Code: |\n      first\n        deeper\n\n      # last\n  After: 1\n';
  const compact = prepareTemplate(text).text;
  expect(compact).toBe('Parameters: {}\nA:\n Code: |\n  first\n    deeper\n\n  # last\n After: 1\n');
  expect(parse(compact)).toEqual(parse(text));
});

test('what is compact stays the same', () => {
  const compact = prepareTemplate(TEXT).text;
  expect(prepareTemplate(compact).text).toBe(compact);
});
