import type { Agent } from './agentcore/agent.ts';
import type { AgentCoreLimits } from './agentcore/limits.ts';
import type { ApiGatewayLimits } from './apigateway/limits.ts';
import type { CloudFormationOptions } from './cloudformation/options.ts';
import type { AwsError } from './kernel/aws-error.ts';
import type { ApiCallEvent, EmitEvent } from './kernel/emulator-event.ts';
import type { Fault } from './faults/fault.ts';
import type { PolicyDocument } from './iam/policy.ts';
import type { Principal } from './iam/identity.ts';
import type { LambdaLimits } from './lambda/limits.ts';
import type { LogsLimits } from './logs/limits.ts';
import type { WafLimits } from './wafv2/limits.ts';

/** How the emulator is set. What is left out is as in AWS. */
export interface EmulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Twelve digits. */
  readonly accountId?: string;
  /** Key of the account's owner. Its signatures are checked; other keys are taken on trust. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Keys with identity policies of their own, of this account or another. One that is a role serves CloudFormation by its ARN, too. */
  readonly principals?: readonly Principal[];
  /** Policies that roles name by ARN: managed ones and permissions boundaries. Another ARN allows nothing and bounds nothing. */
  readonly managedPolicies?: ReadonlyMap<string, PolicyDocument>;
  /** What runs behind each AgentCore runtime ARN, in whatever Region. May change while the emulator runs. */
  readonly agents?: ReadonlyMap<string, Agent>;
  readonly cloudFormation?: CloudFormationOptions;
  readonly lambda?: Partial<LambdaLimits>;
  readonly apiGateway?: Partial<ApiGatewayLimits>;
  readonly agentCore?: Partial<AgentCoreLimits>;
  readonly logs?: Partial<LogsLimits>;
  readonly waf?: Partial<WafLimits>;
  /** ARNs of Cognito user pools, whose tokens `Emulator.issueToken` makes. */
  readonly userPools?: readonly string[];
  /** Role that API Gateway writes its logs with. A new account has none (the default), and stages with logs then fail. */
  readonly cloudWatchRoleArn?: string;
  /** ARNs of web ACLs that no stack makes. They let everything pass. */
  readonly webAcls?: readonly string[];
  /** How many times sooner limits on waiting are reached, at least 1 (the default); `time-scale.ts` says which. */
  readonly timeScale?: number;
  /** Faults of every request that asks for none itself (header `x-emulator-fault` of the front door). */
  readonly faults?: readonly Fault[];
  /** Decides what happens to a share of the requests only; the same one gives the same sequence. Default 1. */
  readonly seed?: number;
  /** Asked before each API call: the error that it gives is the answer, and `cut` closes the connection without one. */
  readonly refuseCall?: (call: ApiCall) => AwsError | 'cut' | undefined;
  /** Told of every API call, endpoint request, injected fault, new session and function log line. */
  readonly onEvent?: EmitEvent;
}

/** An API call that has not been answered. */
export type ApiCall = Pick<ApiCallEvent, 'service' | 'region' | 'action'>;

export const DEFAULT_SEED = 1;
/** An account that is nobody's. */
export const DEFAULT_ACCOUNT_ID = '000000000000';
export const DEFAULT_CREDENTIALS = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
