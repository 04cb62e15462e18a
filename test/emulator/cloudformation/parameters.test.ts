import { CreateStackCommand, type Parameter } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCloudFormation, type CloudFormationServer } from './cloudformation-server.ts';

const TEMPLATE = `
Parameters:
  Needed: { Type: String }
  Mode: { Type: String, Default: fast, AllowedValues: [fast, slow, 'true'] }
  Code: { Type: String, Default: ab, AllowedPattern: '[a-z]+', MinLength: 2, MaxLength: 4 }
  Count: { Type: Number, Default: 5, MinValue: 1, MaxValue: 10 }
  Zone: { Type: String, Default: z1, AllowedPattern: 'z\\d', ConstraintDescription: must be a zone }
  Items: { Type: CommaDelimitedList, Default: 'a, b,c' }
  Secret: { Type: String, Default: hush, NoEcho: true }
Resources:
  A: { Type: 'Test::Thing', Properties: { Size: !Ref Count, Parts: !Ref Items, Label: !Ref Secret } }
`;

let aws: CloudFormationServer;
let count = 0;
beforeAll(async () => {
  aws = await startCloudFormation({ limits: { parameterValueBytes: 100 } });
});
afterAll(() => aws.close());

async function create(parameters: Record<string, string>): Promise<string> {
  const StackName = `s${(count += 1)}`;
  const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]): Parameter => ({
    ParameterKey,
    ParameterValue,
  }));
  await aws.client.send(new CreateStackCommand({ StackName, TemplateBody: TEMPLATE, Parameters }));
  return StackName;
}

describe('parameters', () => {
  it('gives the given or default values to resources; secrets are masked for people alone', async () => {
    const stack = await aws.settled(await create({ Needed: '', Count: '7', Mode: 'true' }));
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    expect([...aws.things.existing.values()][0]).toEqual({ Size: '7', Parts: ['a', 'b', 'c'], Label: 'hush' });
    expect(stack.Parameters).toContainEqual({ ParameterKey: 'Secret', ParameterValue: '****' });
    expect(stack.Parameters).toContainEqual({ ParameterKey: 'Count', ParameterValue: '7' });
  });

  it.each([
    [{}, 'Parameters: [Needed] must have values'],
    [{ Needed: 'x', Extra: 'y', More: 'z' }, 'Parameters: [Extra, More] do not exist in the template'],
    [{ Needed: 'x', Mode: 'medium' }, "Parameter 'Mode' must be one of AllowedValues"],
    [{ Needed: 'x', Code: 'aB' }, "Parameter 'Code' must match pattern [a-z]+"],
    [{ Needed: 'x', Code: 'a' }, "Parameter 'Code' must contain at least 2 characters"],
    [{ Needed: 'x', Code: 'abcde' }, "Parameter 'Code' must contain at most 4 characters"],
    [{ Needed: 'x', Count: 'many' }, "Parameter 'Count' must be a number"],
    [{ Needed: 'x', Count: '0' }, "Parameter 'Count' must be a number not less than 1"],
    [{ Needed: 'x', Count: '11' }, "Parameter 'Count' must be a number not greater than 10"],
    [{ Needed: 'x', Zone: 'q' }, 'Parameter Zone failed to satisfy constraint: must be a zone'],
    [{ Needed: 'x'.repeat(101) }, "Parameter 'Needed' has 101 bytes, more than the 100 allowed"],
  ])('refuses %j', async (parameters, message) => {
    await expect(create(parameters as Record<string, string>)).rejects.toThrow(message);
  });

  it('knows UsePreviousValue for updates alone', async () => {
    await expect(
      aws.client.send(
        new CreateStackCommand({
          StackName: 'new',
          TemplateBody: TEMPLATE,
          Parameters: [{ ParameterKey: 'Needed', UsePreviousValue: true }],
        }),
      ),
    ).rejects.toThrow('Cannot specify usePreviousValue as true for a parameter key not in the');
  });
});
