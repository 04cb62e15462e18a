import { UsageError } from '../cli/errors.ts';

export type AgentRuntimeArn = ReturnType<typeof parseAgentRuntimeArn>;

/** CloudFormation schema of AWS::BedrockAgentCore::Runtime. The template's AllowedPattern is the same. */
const PATTERN =
  /^arn:(aws[a-z-]*):bedrock-agentcore:([a-z0-9-]+):(\d{12}):runtime\/([a-zA-Z][a-zA-Z0-9_]{0,99}-[a-zA-Z0-9]{10})$/;

const EXAMPLE = 'arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/my_agent-AbCdEfGhIj';

/** @throws {UsageError} INVALID_AGENT_ARN that says what is wrong with it */
export function parseAgentRuntimeArn(value: string) {
  const match = PATTERN.exec(value);
  if (match) {
    const [arn, partition = '', region = '', accountId = '', runtimeId = ''] = match;
    return { arn, partition, region, accountId, runtimeId };
  }
  throw new UsageError('INVALID_AGENT_ARN', `not the ARN of an AgentCore runtime: ${value}`, {
    hint: `${faultOf(value)}; it looks like ${EXAMPLE}; list yours with: aws bedrock-agentcore-control list-agent-runtimes`,
  });
}

/** The part of a wrong ARN that is wrong. */
function faultOf(value: string): string {
  if (/\s/.test(value)) return 'it has a blank or a line end in it';
  const [prefix, partition = '', service = '', region = '', account = '', ...rest] = value.split(':');
  if (prefix !== 'arn') return 'it does not begin with arn:';
  if (service === 'bedrock') return 'that is a classic Bedrock agent, which has no runtime: AgentCore runs other agents';
  if (service !== 'bedrock-agentcore') return `its service is ${service || 'empty'}, not bedrock-agentcore`;
  if (!/^aws[a-z-]*$/.test(partition)) return `its partition is ${partition || 'empty'}, not aws, aws-us-gov or aws-cn`;
  if (!/^[a-z]+(-[a-z]+)+-\d$/.test(region)) return `its Region is ${region || 'empty'}`;
  if (!/^\d{12}$/.test(account)) return `its account (${account || 'empty'}) has not 12 digits, but ${account.length}`;
  const [resource = '', version] = rest;
  if (version !== undefined)
    return `it has a version (:${version}): leave that out; an endpoint of the version is named by --qualifier`;
  if (resource.includes('/runtime-endpoint/'))
    return 'that is an endpoint: give the runtime ARN by --agent-arn and the endpoint name by --qualifier';
  if (!resource.startsWith('runtime/')) return `it names ${resource.split('/')[0] || 'nothing'}, not a runtime`;
  return 'the id behind runtime/ is a name, a hyphen and ten letters and digits';
}

const ARN = /\barn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:\d*:([^\s"'`,;)\]}]+)/g;
/** Twelve digits on their own, and not the end of a UUID. */
const ACCOUNT_ID = /(?<![\w-])\d{12}(?![\w-])/g;

/** A text of AWS without what names an account: an ARN becomes its resource (`role/deployer`), an account id `ACCOUNT`. */
export function redactArns(text: string): string {
  return text.replaceAll(ARN, '$1').replaceAll(ACCOUNT_ID, 'ACCOUNT');
}
