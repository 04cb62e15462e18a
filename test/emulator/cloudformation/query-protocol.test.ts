import { CreateStackCommand, DescribeStacksCommand, DescribeTypeCommand } from '@aws-sdk/client-cloudformation';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FormValue, parseForm } from '../../../src/emulator/protocols/query.ts';
import { cases } from '../../helpers/properties.ts';
import { startCloudFormation, type CloudFormationServer } from './cloudformation-server.ts';

describe('parseForm', () => {
  it('nests members and structures, and orders lists by number', () => {
    const body =
      'Action=A&L.member.10=k&L.member.2=b&L.member.1=a%2Bb&P.member.1.Key=x&P.member.1.In.Deep=y&Empty=&S.member.1.T.member.1=z';
    expect(parseForm(Buffer.from(body))).toEqual({
      Action: 'A',
      L: ['a+b', 'b', 'k'],
      P: [{ Key: 'x', In: { Deep: 'y' } }],
      Empty: '',
      S: [{ T: ['z'] }],
    });
  });

  it('refuses contradictions, and is not misled by names of built-in members', () => {
    expect(() => parseForm('a=1&a.b=2')).toThrow('a.b contradicts another');
    expect(() => parseForm('a.b=2&a=1')).toThrow('a contradicts another');
    const form = parseForm('__proto__.x=1');
    expect(form['x']).toBeUndefined();
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

/** As the SDKs write a request (botocore and Smithy, "awsQuery"): lists are numbered from one. */
function writeForm(value: FormValue, name: string): [name: string, value: string][] {
  if (typeof value === 'string') return [[name, value]];
  const members = Array.isArray(value)
    ? value.map((item, index) => [`member.${index + 1}`, item] as const)
    : Object.entries(value);
  return members.flatMap(([key, member]) => writeForm(member, name === '' ? key : `${name}.${key}`));
}

describe('any form', () => {
  const name = fc.stringMatching(/^[A-Za-z_]{1,6}$/).filter((one) => one !== 'member');
  const { form } = fc.letrec<{ value: FormValue; form: Record<string, FormValue> }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
      tie('form'),
    ),
    form: fc.dictionary(fc.oneof(name, fc.constantFrom('constructor', '__proto__')), tie('value'), { minKeys: 1, maxKeys: 4 }),
  }));

  it('is read as it was written, in whatever order its members come', () => {
    fc.assert(
      fc.property(
        form.chain((one) =>
          fc.tuple(fc.constant(one), fc.shuffledSubarray(writeForm(one, ''), { minLength: writeForm(one, '').length })),
        ),
        ([one, members]) => {
          expect(parseForm(new URLSearchParams(members).toString())).toEqual(one);
        },
      ),
      { numRuns: cases(10_000) },
    );
  });

  it('is read or refused, and nothing of it gets into other objects', () => {
    const part = fc.constantFrom(
      'a',
      '.',
      'member',
      '1',
      '=',
      '&',
      '%',
      '%2',
      '%41',
      '%ff',
      '+',
      '__proto__',
      'constructor',
      'prototype',
      ';',
      '?',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        try {
          parseForm(parts.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'MalformedQueryString', status: 400 });
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: cases(10_000) },
    );
  });
});

describe('the service behind the protocol', () => {
  let aws: CloudFormationServer;
  beforeAll(async () => {
    aws = await startCloudFormation();
  });
  afterAll(() => aws.close());

  const post = async (body: string) => {
    const response = await fetch(aws.url, { method: 'POST', body });
    return { status: response.status, text: await response.text() };
  };

  it('names an operation that it does not know', async () => {
    await expect(aws.client.send(new DescribeTypeCommand({ TypeName: 'X', Type: 'RESOURCE' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'the emulator does not support the cloudformation call DescribeType',
      $metadata: { httpStatusCode: 400 },
    });
    expect((await post('Action=toString&Version=2010-05-15')).status).toBe(400);
    expect((await post('Action=ListStacks&Version=1')).text).toContain('version 1');
  });

  it('names a request member that it does not honour', async () => {
    await expect(aws.client.send(new DescribeStacksCommand({ NextToken: 'x' }))).rejects.toThrow(
      'the emulator does not support the parameter NextToken of DescribeStacks',
    );
    await expect(
      aws.client.send(new CreateStackCommand({ StackName: 's', TemplateURL: 'https://example.com/t.yaml' })),
    ).rejects.toThrow('the parameter TemplateURL of CreateStack');
    await expect(aws.client.send(new CreateStackCommand({ StackName: 's', TimeoutInMinutes: 5 }))).rejects.toThrow(
      'the parameter TimeoutInMinutes of CreateStack',
    );
  });

  it('writes errors and answers as XML with the request id, and says what is missing', async () => {
    const missing = await post('Action=DescribeStackEvents&Version=2010-05-15');
    expect(missing).toMatchObject({ status: 400 });
    expect(missing.text).toMatch(
      /^<ErrorResponse><Error><Type>Sender<\/Type><Code>ValidationError<\/Code><Message>1 validation error detected: Value null at 'stackName' .*<\/Message><\/Error><RequestId>[0-9a-f-]{36}<\/RequestId><\/ErrorResponse>$/,
    );
    const list = await post('Action=DescribeStacks&Version=2010-05-15');
    expect(list.text).toMatch(
      /^<DescribeStacksResponse xmlns="http:\/\/cloudformation.amazonaws.com\/doc\/2010-05-15\/"><DescribeStacksResult><Stacks><\/Stacks><\/DescribeStacksResult><ResponseMetadata><RequestId>/,
    );
    const gone = await post('Action=DeleteStack&Version=2010-05-15&StackName=nobody');
    expect(gone.text).not.toContain('DeleteStackResult');
  });

  it('carries any text through XML unharmed, but for what XML cannot hold', async () => {
    const Description = 'a < b & "c" > \u00e9 \u{1f600}';
    await aws.client.send(
      new CreateStackCommand({
        StackName: 'texts',
        TemplateBody: JSON.stringify({
          Description,
          Resources: { A: { Type: 'Test::Thing', Properties: { Size: 1 } } },
          Outputs: { O: { Value: 'bell \u0007 tab \t' } },
        }),
      }),
    );
    const stack = await aws.settled('texts');
    expect(stack.Description).toBe(Description);
    expect(stack.Outputs?.[0]?.OutputValue).toBe('bell \ufffd tab \t');
  });
});
