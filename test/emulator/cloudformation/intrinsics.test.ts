import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCloudFormation, type CloudFormationServer } from './cloudformation-server.ts';

const HEAD = `
Parameters:
  Env: { Type: String, Default: prod }
  List: { Type: CommaDelimitedList, Default: 'x,y' }
Mappings:
  Sizes: { prod: { cpu: 4, names: [p, q] }, dev: { cpu: 1 } }
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Not [!Condition IsDev]]
  Either: !Or [!Condition IsDev, !Equals [!Select [0, !Ref List], x]]
Resources:
  Dev: { Type: 'Test::Thing', Condition: IsDev, Properties: { Size: 1 } }
  Base: { Type: 'Test::Thing', DependsOn: Dev, Properties: { Size: 1, Name: base-NAME } }
`;

let aws: CloudFormationServer;
let count = 0;
beforeAll(async () => {
  aws = await startCloudFormation();
});
afterAll(() => aws.close());

async function create(body: string): Promise<string> {
  const StackName = `stack${(count += 1)}`;
  const TemplateBody = body.replaceAll('NAME', StackName);
  await aws.client.send(new CreateStackCommand({ StackName, TemplateBody }));
  return StackName;
}

/** Resolves a template value by making it an output or, when it is no text, the parts of a thing. */
async function output(value: string): Promise<string | undefined> {
  const name = await create(`${HEAD}\nOutputs: { O: { Value: ${value} } }`);
  return (await aws.settled(name)).Outputs?.[0]?.OutputValue;
}
async function parts(value: string): Promise<unknown> {
  const name = await create(`${HEAD}  T: { Type: 'Test::Thing', Properties: { Size: 1, Name: t-NAME, Parts: ${value} } }`);
  expect((await aws.settled(name)).StackStatus).toBe('CREATE_COMPLETE');
  return aws.things.existing.get(`t-${name}`)?.['Parts'];
}

describe('intrinsic functions', () => {
  it.each([
    ['!Ref AWS::Region', 'eu-central-1'],
    ["!Sub '${AWS::Partition}:${AWS::AccountId}:${AWS::URLSuffix}'", 'aws:111122223333:amazonaws.com'],
    ["!Sub '${!Literal} ${Env}'", '${Literal} prod'],
    ["!Sub ['${V}-${Env}', { V: !Join ['', [a, !Ref Env]] }]", 'aprod-prod'],
    ["!Join ['-', !Ref List]", 'x-y'],
    ["!Join [':', [a, !Ref 'AWS::NoValue', 3]]", 'a:3'],
    ["!Select [1, !Split ['|', 'a|b']]", 'b'],
    ['!FindInMap [Sizes, !Ref Env, cpu]', '4'],
    ["!Select ['1', !FindInMap [Sizes, prod, names]]", 'q'],
    ["!Base64 { 'Fn::Sub': '${Env}' }", Buffer.from('prod').toString('base64')],
    ['!If [IsProd, yes-prod, !Ref Dev]', 'yes-prod'],
    ['!If [Both, !If [Either, both, one], none]', 'both'],
  ])('%s is %s', async (value, expected) => {
    expect(await output(value)).toBe(expected);
  });

  it('resolves references to resources and to the stack', async () => {
    expect(await output("!Sub '${Base}|${Base.Arn}'")).toBe(
      `base-stack${count}|arn:aws:test:eu-central-1:111122223333:base-stack${count}`,
    );
    expect(await output("!Sub '${AWS::StackName} ${AWS::StackId}'")).toMatch(
      /^stack\d+ arn:aws:cloudformation:eu-central-1:111122223333:stack\/stack\d+\//,
    );
  });

  it('takes AWS::NoValue out of lists and objects, at any depth', async () => {
    expect(await parts("[a, !Ref 'AWS::NoValue', { keep: 1, drop: !If [IsProd, !Ref 'AWS::NoValue', 2] }]")).toEqual([
      'a',
      { keep: 1 },
    ]);
    expect(await parts("!Ref 'AWS::NoValue'")).toBeUndefined();
  });

  it('leaves out resources and outputs whose condition does not hold', async () => {
    const name = await create(`${HEAD}\nOutputs: { D: { Condition: IsDev, Value: !Ref Dev } }`);
    expect((await aws.settled(name)).Outputs ?? []).toEqual([]);
    expect(await aws.story(name)).not.toContain('Dev CREATE_COMPLETE');
  });

  it.each([
    ["!Select [5, !Split [',', 'a']]", 'Fn::Select cannot select nonexistent value at index'],
    ['!FindInMap [Sizes, dev, ram]', 'Unable to get mapping for Sizes::dev::ram'],
    ["!Sub '${List}'", 'variable List in Fn::Sub expression does not resolve to a string'],
    ['!Ref List', 'The Value field of output O must evaluate to a String.'],
  ])('refuses the output %s', async (value, message) => {
    await expect(create(`${HEAD}\nOutputs: { O: { Value: ${value} } }`)).rejects.toThrow(message);
  });

  it.each([
    [
      'a circle',
      "  X: { Type: 'Test::Thing', Properties: { Size: !Ref Y } }\n  Y: { Type: 'Test::Thing', DependsOn: X }",
      'Circular dependency between resources: [X, Y]',
    ],
    ['itself', "  X: { Type: 'Test::Thing', Properties: { Size: !Ref X } }", 'Circular dependency between resources: [X]'],
    [
      'a resource whose condition does not hold',
      "  X: { Type: 'Test::Thing', Properties: { Size: !Ref Dev } }",
      'Unresolved resource dependencies [Dev] in the Resources block',
    ],
    [
      'a failing function in a property',
      "  X: { Type: 'Test::Thing', Properties: { Size: !FindInMap [Sizes, nope, cpu] } }",
      'Unable to get mapping for Sizes::nope::cpu',
    ],
  ])('refuses a reference to %s', async (_what, resources, message) => {
    await expect(create(HEAD + resources)).rejects.toThrow(message);
  });

  it.each([
    ['Conditions: { A: !Condition B, B: !Condition A }', 'Circular dependency in conditions: [A, B]'],
    ['Conditions: { A: !Condition B }', 'Unresolved condition dependency B'],
    ['Conditions: { A: !Equals [!Ref R, x] }', 'Cannot reference resources in the Conditions block'],
    ['Conditions: { A: !Equals [x] }', 'every Fn::Equals object requires a list of 2 values'],
    ['Conditions: { A: !Contains [[x], x] }', 'condition function Fn::Contains'],
  ])('refuses %s', async (conditions, message) => {
    await expect(create(`${conditions}\nResources: { R: { Type: Test::Thing, Properties: { Size: 1 } } }`)).rejects.toThrow(
      message,
    );
  });
});
