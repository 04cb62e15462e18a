import type { Agent } from './agentcore/agent.ts';
import type { AgentCoreLimits } from './agentcore/limits.ts';
import type { ApiGatewayLimits } from './apigateway/limits.ts';
import type { CloudFormationOptions } from './cloudformation/options.ts';
import type { AwsError } from './kernel/aws-error.ts';
import type { ApiCallEvent, EmitEvent } from './kernel/emulator-event.ts';
import type { Fault } from './faults/fault.ts';
import type { PolicyDocument, Principal } from './iam/policy.ts';
import type { LambdaLimits } from './lambda/limits.ts';
import type { LogsLimits } from './logs/limits.ts';
import type { WafLimits } from './wafv2/limits.ts';

/** Settings of the emulator. The defaults are AWS's. */
export interface EmulatorOptions {
  /** Default 0: a free port. */
  readonly port?: number;
  /** Names by which it may be called, beside those of this machine and of deployed APIs and domains. By any other, it answers 421. */
  readonly hostNames?: readonly string[];
  /** Twelve digits. */
  readonly accountId?: string;
  /** Access key of the account's owner. Its signatures are checked. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Keys that are neither the owner's, nor a principal's, nor issued for a role. By default they act as the owner, without a check. */
  readonly unknownKeys?: 'accept' | 'refuse';
  /** Access keys with identity policies, of this account or another. CloudFormation can use a principal that is a role as service role. */
  readonly principals?: readonly Principal[];
  /** Policies that roles name by ARN: managed policies and permissions boundaries. An unknown ARN allows nothing and bounds nothing. */
  readonly managedPolicies?: ReadonlyMap<string, PolicyDocument>;
  /** The agent behind each AgentCore runtime ARN, of any Region. May change while the emulator runs. */
  readonly agents?: ReadonlyMap<string, Agent>;
  readonly cloudFormation?: CloudFormationOptions;
  readonly lambda?: Partial<LambdaLimits>;
  readonly apiGateway?: Partial<ApiGatewayLimits>;
  readonly agentCore?: Partial<AgentCoreLimits>;
  readonly logs?: Partial<LogsLimits>;
  readonly waf?: Partial<WafLimits>;
  /** ARNs of Cognito user pools; `Emulator.issueToken` issues their tokens. */
  readonly userPools?: readonly string[];
  /** Role that API Gateway writes its logs with. By default, as in a new account, there is none, and stages with logs fail. */
  readonly cloudWatchRoleArn?: string;
  /** ARNs of web ACLs outside the stacks. They allow every request. */
  readonly webAcls?: readonly string[];
  /** Divides limits on waiting; at least 1, the default. `kernel/clock.ts` lists them. */
  readonly timeScale?: number;
  /** Faults of every request that does not ask for faults itself (header `x-emulator-fault` of the front door). */
  readonly faults?: readonly Fault[];
  /** Seed of random decisions, such as the share of requests that a fault meets: the same seed gives the same sequence. Default 1. */
  readonly seed?: number;
  /** Called before each API call: an error that it returns is the answer, and `cut` closes the connection without an answer. */
  readonly refuseCall?: (call: ApiCall) => AwsError | 'cut' | undefined;
  /** Called for every API call, endpoint request, injected fault, new session and function log line. */
  readonly onEvent?: EmitEvent;
}

/** An API call before its answer. */
export type ApiCall = Pick<ApiCallEvent, 'service' | 'region' | 'action'>;

export const DEFAULT_SEED = 1;
/** An account id that AWS does not assign. */
export const DEFAULT_ACCOUNT_ID = '000000000000';
export const DEFAULT_CREDENTIALS = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
