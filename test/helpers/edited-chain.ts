import { type CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent, EmulatorOptions } from '../../src/emulator/index.ts';
import { AGENT_ARN, type Chain, openChain, openWholeRenderer } from './chain.ts';

export interface EditedChainOptions extends Omit<EmulatorOptions, 'agents' | 'onEvent'> {
  /** Template parameters beside the agent's ARN. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly authMode?: string;
  /** Changes the template before it is deployed. */
  readonly edit?: (template: string) => string;
}

/** The whole chain with a template that the test has changed, put up by CreateStack as any other tool would; its name is `chain`. */
export async function startEditedChain(agent: Agent, options: EditedChainOptions = {}): Promise<Chain> {
  const { parameters = {}, authMode = 'none', edit = String, ...emulatorOptions } = options;
  return openChain(agent, emulatorOptions, async (client) => {
    const { render } = await openWholeRenderer();
    const { body } = render({ AuthMode: authMode });
    const given = { AgentRuntimeArn: AGENT_ARN, AuthMode: authMode, ...parameters };
    await client.send(
      new CreateStackCommand({
        StackName: 'chain',
        TemplateBody: edit(body),
        Parameters: Object.entries(given).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    );
    return outputsOf(client);
  });
}

async function outputsOf(client: CloudFormationClient): Promise<Record<string, string>> {
  for (;;) {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: 'chain' }));
    if (stack?.StackStatus === 'CREATE_COMPLETE') {
      return Object.fromEntries((stack.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue])) as Record<
        string,
        string
      >;
    }
    if (stack?.StackStatus !== 'CREATE_IN_PROGRESS') {
      throw new Error(`the stack is ${stack?.StackStatus}: ${stack?.StackStatusReason}`);
    }
    await sleep(25);
  }
}

/** An access log as the developer guide of response streaming suggests it. */
export const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  mode: '$context.integration.responseTransferMode',
  timeToAllHeaders: '$context.integration.timeToAllHeaders',
  timeToFirstContent: '$context.integration.timeToFirstContent',
  integrationLatency: '$context.integrationLatency',
  bytes: '$context.responseLength',
});

/** Gives the template's stage an access log, with a group and the account's role for it. */
export function withAccessLog(template: string): string {
  return template
    .replace(
      '\nResources:\n',
      `
Resources:
  OtherLogGroup:
    Type: AWS::Logs::LogGroup
  LogAccount:
    Type: AWS::ApiGateway::Account
    Properties:
      CloudWatchRoleArn: !Sub 'arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/api-gateway-logs'
`,
    )
    .replace(
      /^ {6}AccessLogSetting: !If\n(?: {8}.*\n)+/m,
      `      AccessLogSetting:
        DestinationArn: !GetAtt OtherLogGroup.Arn
        Format: '${ACCESS_LOG_FORMAT}'
`,
    )
    .replace('    Type: AWS::ApiGateway::Stage\n', '    Type: AWS::ApiGateway::Stage\n    DependsOn: LogAccount\n');
}
