import { describe, expect, it } from 'vitest';
import { parseTemplateText } from '../../../src/emulator/cloudformation/template/template-text.ts';

describe('parseTemplateText', () => {
  it('turns short forms into long ones, nested and with lists', () => {
    const text = `
a: !Ref X
b: !GetAtt X.Deep.Arn
c: !GetAtt [X, Arn]
d: !Sub '\${X}-y'
e: !Sub ['\${V}', { V: !Ref X }]
f: !If [Cond, !Ref X, !Ref 'AWS::NoValue']
g: !Join [',', [!Select [0, !Split ['-', a-b]], c]]
h: !Condition Cond
i: !Base64 text
j: !Equals [!Ref X, yes]
`;
    expect(parseTemplateText(text)).toEqual({
      a: { Ref: 'X' },
      b: { 'Fn::GetAtt': ['X', 'Deep.Arn'] },
      c: { 'Fn::GetAtt': ['X', 'Arn'] },
      d: { 'Fn::Sub': '${X}-y' },
      e: { 'Fn::Sub': ['${V}', { V: { Ref: 'X' } }] },
      f: { 'Fn::If': ['Cond', { Ref: 'X' }, { Ref: 'AWS::NoValue' }] },
      g: { 'Fn::Join': [',', [{ 'Fn::Select': [0, { 'Fn::Split': ['-', 'a-b'] }] }, 'c']] },
      h: { Condition: 'Cond' },
      i: { 'Fn::Base64': 'text' },
      j: { 'Fn::Equals': [{ Ref: 'X' }, true] },
    });
  });

  it('keeps dates as text, block texts as they are, and numbers as numbers', () => {
    const text = 'a: 2012-10-17\nb: |\n  one\n  two\nc: 900000\nd: 0.5\ne: "900"\n200: x';
    expect(parseTemplateText(text)).toEqual({ a: '2012-10-17', b: 'one\ntwo\n', c: 900_000, d: 0.5, e: '900', 200: 'x' });
  });

  it('reads JSON, also with tabs', () => {
    expect(parseTemplateText('\n{\n\t"a": {"Ref": "X"}, "b": [1, true]}')).toEqual({ a: { Ref: 'X' }, b: [1, true] });
  });

  it.each([
    ['{"a": ', 'JSON not well-formed'],
    ['a: [1', 'YAML not well-formed. (line 1'],
    ['a: 1\na: 2', 'YAML not well-formed'],
    ['a: &x 1\nb: *x', 'aliases are not allowed'],
    ['a:\n  b:', "[/a/b] 'null' values are not allowed in templates"],
    ['{"a": [null]}', "[/a/0] 'null' values are not allowed"],
    ['a: !some/thing x', 'unsupported tag !some/thing'],
  ])('refuses %j', (text, message) => {
    expect(() => parseTemplateText(text)).toThrow(message);
  });
});
