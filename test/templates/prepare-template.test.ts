import { expect, test } from 'vitest';
import { prepareTemplate } from '../../src/templates/prepare-template.ts';

test('functions in their long form, text as it is written, and the comment at the top', () => {
  const { comment, sections } = prepareTemplate(`# Says what it is.

Conditions:
  IsOn: !And [!Condition Other, !Not [!Equals [!Ref Switch, 'on']]]
Resources:
  # Why.
  Role:
    Version: '2012-10-17'
    Count: 15
    Arn: !GetAtt Other.Arn
    Name: !Sub '\${AWS::StackName}-x'
    Code: |
      {{HANDLER_CODE}}
`);
  expect(comment).toBe(' Says what it is.');
  expect(sections).toEqual({
    Conditions: { IsOn: { 'Fn::And': [{ Condition: 'Other' }, { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Switch' }, 'on'] }] }] } },
    Resources: {
      Role: {
        Version: '2012-10-17',
        Count: 15,
        Arn: { 'Fn::GetAtt': 'Other.Arn' },
        Name: { 'Fn::Sub': '${AWS::StackName}-x' },
        Code: '{{HANDLER_CODE}}\n',
      },
    },
  });
});

test('a mistake in the YAML is told', () => {
  expect(() => prepareTemplate('Parameters: [')).toThrow(/Flow sequence/);
});
