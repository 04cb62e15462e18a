import type { Agent } from './agentcore/agent.ts';
import type { AgentCoreLimits } from './agentcore/limits.ts';
import type { ApiGatewayLimits } from './apigateway/limits.ts';
import type { CloudFormationOptions } from './cloudformation/options.ts';
import type { EmitEvent } from './emulator-event.ts';
import type { LambdaLimits } from './lambda/limits.ts';

/** How the emulator is set. What is left out is as in AWS. */
export interface EmulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Twelve digits. */
  readonly accountId?: string;
  /** Key of the account's owner. Its signatures are checked; other keys are taken on trust. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What runs behind each AgentCore runtime ARN, in whatever Region. May change while the emulator runs. */
  readonly agents?: ReadonlyMap<string, Agent>;
  readonly cloudFormation?: CloudFormationOptions;
  readonly lambda?: Partial<LambdaLimits>;
  readonly apiGateway?: Partial<ApiGatewayLimits>;
  readonly agentCore?: Partial<AgentCoreLimits>;
  /** Told of every API call, endpoint request and function log line. */
  readonly onEvent?: EmitEvent;
}

/** An account that is nobody's. */
export const DEFAULT_ACCOUNT_ID = '000000000000';
export const DEFAULT_CREDENTIALS = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
