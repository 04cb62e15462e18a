/** Events for the host program; the emulator itself prints nothing. */
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
  /** `CreateChangeSet` for the query protocol, otherwise `GET /2015-03-31/functions/...`. */
  readonly action: string;
  readonly status: number;
  /** AWS error code, when it was an error. */
  readonly errorCode?: string;
  /** ARN of the user, or of the session of a role; absent for a call that was not let in. */
  readonly caller?: string;
  readonly durationMs: number;
  /** Runtime session of a call of AgentCore's data plane. */
  readonly sessionId?: string;
}

/** IAM has decided about a call of an AWS API, or of a deployed API with IAM authorization. */
export interface AuthorizationEvent {
  readonly type: 'authorization';
  /** ARN of the user, or of the session of a role. */
  readonly caller: string;
  /** IAM action, for example `cloudformation:CreateChangeSet`. */
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
}

/**
 * CloudFormation has called a service for a stack, with the credentials of the operation's caller or of a service role; the resource
 * fails when the call is not allowed.
 */
export interface ResourceCallEvent extends Omit<AuthorizationEvent, 'type'> {
  readonly type: 'resource-call';
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
  /** Time from the arrival of the request to the first body byte; absent for an answer without a body. */
  readonly ttfbMs?: number;
  readonly durationMs: number;
  /** Number of writes to the client. */
  readonly chunks: number;
  readonly bytes: number;
  /** Number of server-sent events, without comments; absent for another kind of answer. */
  readonly events?: number;
  /** Value of `X-Session-Id` in the answer, else in the request. */
  readonly sessionId?: string;
  /** Why it failed: in the gateway's words, those of an error body, or of an event named `error`, with its code before it. */
  readonly reason?: string;
  /** Longest time without a byte to the client: before the first, between two writes, or from the last one to the end. */
  readonly longestGapMs: number;
  readonly longestGapWhere: 'before-first-byte' | 'between-writes' | 'before-end';
  /** How the stream ended: complete, closed by the client, or cut by the service. */
  readonly end: 'complete' | 'client-closed' | 'cut';
}

/** A fault was injected. */
export interface FaultEvent {
  readonly type: 'fault';
  /** Its text, for example `stall:20s:1`. */
  readonly fault: string;
  /** Where it acts: in the agent and AgentCore, or in the function and Lambda. */
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
