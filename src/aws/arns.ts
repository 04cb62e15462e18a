import { UsageError } from '../cli/errors.ts';

export interface AgentRuntimeArn {
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly runtimeId: string;
}

/** CloudFormation schema of AWS::BedrockAgentCore::Runtime. The template's AllowedPattern is the same. */
const PATTERN =
  /^arn:(aws[a-z-]*):bedrock-agentcore:([a-z0-9-]+):(\d{12}):runtime\/([a-zA-Z][a-zA-Z0-9_]{0,99}-[a-zA-Z0-9]{10})$/;

const EXAMPLE = 'arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/my_agent-AbCdEfGhIj';

/** @throws {UsageError} INVALID_AGENT_ARN that says what is wrong with it */
export function parseAgentRuntimeArn(value: string): AgentRuntimeArn {
  const match = PATTERN.exec(value);
  if (match) {
    const [arn, partition = '', region = '', accountId = '', runtimeId = ''] = match;
    return { arn, partition, region, accountId, runtimeId };
  }
  throw new UsageError('INVALID_AGENT_ARN', `not the ARN of an AgentCore runtime: ${value}`, {
    hint: value.includes('/runtime-endpoint/')
      ? 'that is an endpoint: give the runtime ARN by --agent-arn and the endpoint name by --qualifier'
      : `it looks like ${EXAMPLE}; list yours with: aws bedrock-agentcore-control list-agent-runtimes`,
  });
}

const ARN = /\barn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:\d*:([^\s"'`,;)\]}]+)/g;
/** Twelve digits on their own, and not the end of a UUID. */
const ACCOUNT_ID = /(?<![\w-])\d{12}(?![\w-])/g;

/** A text of AWS without what names an account: an ARN becomes its resource (`role/deployer`), an account id `ACCOUNT`. */
export function redactArns(text: string): string {
  return text.replaceAll(ARN, '$1').replaceAll(ACCOUNT_ID, 'ACCOUNT');
}
