/** What the emulator tells its host as it happens; nothing is printed by the emulator itself. */
export type EmulatorEvent =
  | ApiCallEvent
  | AuthorizationEvent
  | EndpointRequestEvent
  | FaultEvent
  | FunctionLogEvent
  | ResourceCallEvent
  | SessionStartEvent;

/** An AWS API call was answered. */
export interface ApiCallEvent {
  readonly type: 'api-call';
  readonly service: string;
  readonly region: string;
  /** `CreateChangeSet` for the query protocol, `GET /2015-03-31/functions/...` else. */
  readonly action: string;
  readonly status: number;
  /** AWS error code, when it was an error. */
  readonly errorCode?: string;
}

/** IAM was asked whether the caller of an API, or of a deployed API with IAM authorization, may do so. */
export interface AuthorizationEvent {
  readonly type: 'authorization';
  /** ARN of the user, or of the session of a role. */
  readonly caller: string;
  /** IAM action, for example `cloudformation:CreateChangeSet`. */
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
}

/** CloudFormation has called a service for a stack, with the credentials of whoever began the operation or with a service role. */
export interface ResourceCallEvent {
  readonly type: 'resource-call';
  /** ARN of the user or role. */
  readonly caller: string;
  /** IAM action, for example `lambda:CreateFunction`. */
  readonly action: string;
  readonly resource: string;
  /** Whether its policies allow it; else the resource fails. */
  readonly allowed: boolean;
}

/** A request to a deployed API through the `execute-api` front door has ended. */
export interface EndpointRequestEvent {
  readonly type: 'endpoint-request';
  readonly apiId: string;
  readonly stage: string;
  readonly method: string;
  /** Path below the stage, without the query. */
  readonly path: string;
  readonly status: number;
  readonly requestId: string;
  /** From the arrival of the request to its first body byte; absent when the answer had no body. */
  readonly ttfbMs?: number;
  readonly durationMs: number;
  /** Writes towards the client. */
  readonly chunks: number;
  readonly bytes: number;
  /** Longest time between two writes. */
  readonly longestGapMs: number;
  /** How the stream ended: properly, by the client's going away, or cut by the service. */
  readonly end: 'complete' | 'client-closed' | 'cut';
}

/** A fault was injected: what goes wrong now is meant to. */
export interface FaultEvent {
  readonly type: 'fault';
  /** As it is written, for example `stall:20s:1`. */
  readonly fault: string;
  /** Where it acts: at the agent and AgentCore, or at the function and Lambda. */
  readonly place: 'agent' | 'function';
}

/** AgentCore has started a microVM for a new runtime session. */
export interface SessionStartEvent {
  readonly type: 'session-start';
  readonly sessionId: string;
  readonly endpointArn: string;
}

/** A line that a function wrote to stdout or stderr. */
export interface FunctionLogEvent {
  readonly type: 'function-log';
  readonly functionName: string;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

export type EmitEvent = (event: EmulatorEvent) => void;
