import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, withClients } from '../aws/aws-access.ts';
import type { DeployFlags } from '../stack/deploy-flags.ts';
import type { Emulator } from '../emulator/index.ts';
import { hint, OperationError, UsageError } from '../cli/errors.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleHandler, packCode } from '../stack/bundle.ts';
import { describeStack } from '../aws/stack.ts';

/** The flags that decide who may call. */
export interface DevAuthFlags extends DeployFlags {
  /** File of a Lambda authorizer. */
  readonly authorizer?: string;
}

/** Tokens of the local user pool hold for a day at the keyboard. */
const TOKEN_LIFE_SECONDS = 43_200;

/** Subject of the local token. */
const DEV_USER = { sub: 'dev-user', email: 'dev-user@example.com', 'cognito:username': 'dev-user' };

/**
 * The flags with what has to be there before the emulator starts: `--auth cognito` has a user pool of its own unless one is named.
 * @throws {UsageError} AUTHORIZER_NEEDED, CONFLICTING_FLAGS
 */
export function withLocalPool<Flags extends DevAuthFlags>(flags: Flags, region: string, accountId: string): Flags {
  const { auth, authorizer, authorizerArn, userPoolArn } = flags;
  if (authorizer !== undefined && auth !== 'lambda')
    throw new UsageError('CONFLICTING_FLAGS', '--authorizer belongs to --auth lambda', { hint: 'give both, or neither' });
  if (auth === 'lambda' && (authorizer === undefined || authorizerArn !== undefined)) {
    throw new UsageError(
      'AUTHORIZER_NEEDED',
      'on this machine --auth lambda takes the authorizer as a file: a function elsewhere cannot be called from here',
      { hint: hint`${['agentstream', 'dev', '--auth', 'lambda', '--authorizer', 'authorizer.ts']}` },
    );
  }
  if (auth !== 'cognito' || userPoolArn !== undefined) return flags;
  const local = `arn:aws:cognito-idp:${region}:${accountId}:userpool/${region}_LocalPool`;
  return { ...flags, userPoolArn: local };
}

/** The flags with what has to be there before the stack is deployed: the function of `--authorizer`. @throws as `bundleHandler` */
export async function withLocalAuthorizer<Flags extends DevAuthFlags>(flags: Flags, access: AwsAccess, signal: AbortSignal) {
  const { authorizer } = flags;
  if (authorizer === undefined) return flags;
  const authorizerArn = await withClients(access, [CloudFormationClient], (client) =>
    deployDevAuthorizer(client, authorizer, signal),
  );
  return { ...flags, authorizerArn };
}

/** A token that the stack takes, where a user pool lets callers in. */
export async function issueDevToken({ auth, userPoolArn, authScope }: DevAuthFlags, emulator: Emulator) {
  if (auth !== 'cognito' || userPoolArn === undefined) return undefined;
  const exp = Math.floor(Date.now() / 1_000) + TOKEN_LIFE_SECONDS;
  return emulator.issueToken(userPoolArn, { ...DEV_USER, exp, ...(authScope && { scope: authScope.replaceAll(',', ' ') }) });
}

const STACK_NAME = 'agentstream-dev-authorizer';
const POLL_MS = 50;

/**
 * Deploys a file as a Lambda function beside the stack: the authorizer of `--auth lambda` on this machine.
 * @returns the function's ARN
 * @throws as `bundleHandler`; {OperationError} AUTHORIZER_FAILED
 */
async function deployDevAuthorizer(client: CloudFormationClient, file: string, signal: AbortSignal): Promise<string> {
  const { code } = await bundleHandler(file);
  const failed = (reason: string) => new OperationError('AUTHORIZER_FAILED', `the authorizer could not be deployed: ${reason}`);
  const request = { StackName: STACK_NAME, TemplateBody: templateOf(packCode(code)), Capabilities: ['CAPABILITY_IAM' as const] };
  await client.send(new CreateStackCommand(request)).catch(({ message }: Error) => {
    throw failed(message);
  });
  for (;;) {
    const stack = await describeStack(client, STACK_NAME, signal);
    const { status = '', statusReason, outputs } = stack ?? {};
    if (status === 'CREATE_COMPLETE') return outputs?.FunctionName ?? '';
    if (status !== 'CREATE_IN_PROGRESS') throw failed(statusReason ?? status);
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** JSON is YAML, so the code needs no indent. */
const templateOf = (code: string): string => `
Description: 'agentstream dev: the function of --authorizer'
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]
  Function:
    Type: AWS::Lambda::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler, Role: !GetAtt Role.Arn, Code: { ZipFile: ${JSON.stringify(code)} } }
Outputs:
  FunctionName: { Value: !GetAtt Function.Arn }
`;
