import { type CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../cli/errors.ts';
import { bundleHandler } from '../stack/bundle.ts';
import { describeStack } from '../aws/describe-stack.ts';

const STACK_NAME = 'agentstream-dev-authorizer';
const POLL_MS = 50;

/**
 * Deploys a file as a Lambda function beside the stack: the authorizer of `--auth lambda` on this machine.
 * @returns the function's ARN
 * @throws as `bundleHandler`; {OperationError} AUTHORIZER_FAILED
 */
export async function deployDevAuthorizer(
  client: CloudFormationClient,
  file: string,
  signal: AbortSignal,
): Promise<string> {
  const { code } = await bundleHandler(file);
  await client.send(
    new CreateStackCommand({
      StackName: STACK_NAME,
      TemplateBody: JSON.stringify(templateOf(code)),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  for (;;) {
    const stack = await describeStack(client, STACK_NAME, signal);
    const { status = '', statusReason, outputs } = stack ?? {};
    if (status === 'CREATE_COMPLETE') return outputs?.FunctionName ?? '';
    if (status !== 'CREATE_IN_PROGRESS') {
      throw new OperationError(
        'AUTHORIZER_FAILED',
        `the authorizer could not be deployed: ${statusReason ?? status}`,
      );
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

function templateOf(code: string): object {
  return {
    Description: 'agentstream dev: the function of --authorizer',
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'lambda.amazonaws.com' },
                Action: 'sts:AssumeRole',
              },
            ],
          },
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: code },
        },
      },
    },
    Outputs: { FunctionName: { Value: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
  };
}
