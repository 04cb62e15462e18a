import { CreateStackCommand, GetTemplateSummaryCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCloudFormation, type CloudFormationServer } from './cloudformation-server.ts';

let aws: CloudFormationServer;
beforeAll(async () => {
  aws = await startCloudFormation({ limits: { resources: 3, templateBodyBytes: 2000 } });
});
afterAll(() => aws.close());

const validate = (TemplateBody: string) => aws.client.send(new ValidateTemplateCommand({ TemplateBody }));
const THING = "{ Type: 'Test::Thing', Properties: { Size: 1 } }";

describe('ValidateTemplate', () => {
  it.each([
    ['a section it does not know', `Stuff: {}\nResources: {A: ${THING}}`, 'Invalid template property or properties [Stuff]'],
    ['Transform', `Transform: AWS::Serverless\nResources: {A: ${THING}}`, 'section Transform'],
    ['Rules', `Rules: {R: {}}\nResources: {A: ${THING}}`, 'section Rules'],
    ['another version', `AWSTemplateFormatVersion: '2020'\nResources: {A: ${THING}}`, 'AWSTemplateFormatVersion'],
    ['no resources', 'Description: empty', 'At least one Resources member must be defined.'],
    [
      'an unknown type',
      'Resources: {A: {Type: AWS::S3::Bucket}, B: {Type: Custom::X}}',
      'Template format error: the emulator does not support the resource types [AWS::S3::Bucket, Custom::X]',
    ],
    ['what no type is called', 'Resources: {A: {Type: Bucket}}', 'Unrecognized resource types: [Bucket]'],
    ['no type', 'Resources: {A: {Properties: {}}}', 'must contain a Type member'],
    ['an unknown attribute', 'Resources: {A: {Type: Test::Thing, CreationPolicy: {}}}', '[CreationPolicy]'],
    ['a policy that is not there', 'Resources: {A: {Type: Test::Thing, DeletionPolicy: Snapshot}}', 'DeletionPolicy "Snapshot"'],
    ['a logical id with a dash', `Resources: {A-B: ${THING}}`, 'Resource name A-B is non alphanumeric.'],
    [
      'a Ref to nothing',
      'Resources: {A: {Type: Test::Thing, Properties: {Size: !Ref X}}}',
      'Template format error: Unresolved resource dependencies [X] in the Resources block of the template',
    ],
    [
      'a Sub of nothing',
      "Resources: {A: {Type: Test::Thing, Properties: {Size: !Sub 'a${X}'}}}",
      'Unresolved resource dependencies [X] in the Resources block',
    ],
    [
      'a GetAtt of nothing',
      'Resources: {A: {Type: Test::Thing, Properties: {Size: !GetAtt X.Arn}}}',
      'Template error: instance of Fn::GetAtt references undefined resource X',
    ],
    [
      'a DependsOn on nothing',
      'Resources: {A: {Type: Test::Thing, DependsOn: X}}',
      'Unresolved resource dependencies [X] in the Resources block',
    ],
    [
      'an output of nothing',
      `Resources: {A: ${THING}}\nOutputs: {O: {Value: !Ref X}}`,
      'Unresolved resource dependencies [X] in the Outputs block',
    ],
    ['an unknown condition', 'Resources: {A: {Type: Test::Thing, Condition: X}}', '[X]. No such condition'],
    [
      'an unknown condition in Fn::If',
      'Resources: {A: {Type: Test::Thing, Properties: {Size: !If [X, 1, 2]}}}',
      '[X]. No such condition',
    ],
    [
      'Fn::ImportValue',
      'Resources: {A: {Type: Test::Thing, Properties: {Size: !ImportValue x}}}',
      'intrinsic function Fn::ImportValue',
    ],
    [
      'a function in a branch that is not chosen',
      'Conditions: {C: !Equals [a, a]}\nResources: {A: {Type: Test::Thing, Properties: {Size: !If [C, 1, !Cidr x]}}}',
      'intrinsic function Fn::Cidr',
    ],
    ['an export', `Resources: {A: ${THING}}\nOutputs: {O: {Value: x, Export: {Name: n}}}`, 'Export of output O'],
    ['an output without a value', `Resources: {A: ${THING}}\nOutputs: {O: {Description: x}}`, 'must contain a Value'],
    [
      'a parameter type',
      `Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>'}}\nResources: {A: ${THING}}`,
      'Unrecognized parameter type: AWS::SSM::Parameter::Value<String>',
    ],
    [
      'too many resources',
      `Resources: {A: ${THING}, B: ${THING}, C: ${THING}, D: ${THING}}`,
      'Number of resources, 4, is greater than maximum allowed, 3',
    ],
    ['too many bytes', `Description: ${'x'.repeat(2000)}\nResources: {A: ${THING}}`, 'less than or equal to 2000'],
  ])('refuses %s', async (_what, body, message) => {
    await expect(validate(body)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(message),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('gives parameters and capabilities', async () => {
    const body = `
Description: d
Parameters: { P: { Type: String, Default: x, NoEcho: true, Description: what } }
Resources: { R: { Type: 'AWS::IAM::Role', Properties: { RoleName: r } } }`;
    expect(await validate(body)).toMatchObject({
      Description: 'd',
      Parameters: [{ ParameterKey: 'P', DefaultValue: 'x', NoEcho: true, Description: 'what' }],
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::Role]',
    });
  });
});

describe('GetTemplateSummary', () => {
  it('sums up a template that is given, or that of a stack', async () => {
    const TemplateBody = `
AWSTemplateFormatVersion: '2010-09-09'
Metadata: { Hint: 1 }
Parameters: { P: { Type: Number, AllowedValues: [1, 2], Default: 2 } }
Resources: { A: ${THING} }`;
    const summary = {
      Version: '2010-09-09',
      Metadata: '{"Hint":1}',
      ResourceTypes: ['Test::Thing'],
      Parameters: [
        {
          ParameterKey: 'P',
          ParameterType: 'Number',
          DefaultValue: '2',
          NoEcho: false,
          ParameterConstraints: { AllowedValues: ['1', '2'] },
        },
      ],
    };
    expect(await aws.client.send(new GetTemplateSummaryCommand({ TemplateBody }))).toMatchObject(summary);
    await aws.client.send(new CreateStackCommand({ StackName: 'summed', TemplateBody }));
    expect(await aws.client.send(new GetTemplateSummaryCommand({ StackName: 'summed' }))).toMatchObject(summary);
  });
});
