import { arn, type Place } from '../kernel/place.ts';
import type { RuntimeSettings } from './agent.ts';
import { endpointArnOf } from './find-runtime.ts';
import type { AgentCoreLimits } from './limits.ts';

/** The emulator's runtimes have one version, as old as the emulator itself. */
const VERSION = '1';

/** GetAgentRuntime: unless it is set otherwise, a runtime that is ready, speaks HTTP and takes SigV4 (no authorizer configuration). */
export function runtimeJson(
  runtimeArn: string,
  createdAt: Date,
  place: Place,
  limits: AgentCoreLimits,
  settings: RuntimeSettings = {},
): object {
  const { status, failureReason, serverProtocol = 'HTTP', requireMMDSV2 = true } = settings;
  const { customJWTAuthorizer } = settings;
  return {
    ...runtimeSummaryJson(runtimeArn, createdAt),
    ...(status && { status, failureReason }),
    ...(customJWTAuthorizer && { authorizerConfiguration: { customJWTAuthorizer } }),
    createdAt: createdAt.toISOString(),
    roleArn: arn({ ...place, region: '' }, 'iam', `role/${runtimeName(runtimeArn)}`),
    networkConfiguration: { networkMode: 'PUBLIC' },
    protocolConfiguration: { serverProtocol },
    metadataConfiguration: { requireMMDSV2 },
    lifecycleConfiguration: {
      // As they are configured, like the timeouts of a function: the scale of time is not AWS's.
      idleRuntimeSessionTimeout: seconds(limits.idleSessionMs * limits.timeScale),
      maxLifetime: seconds(limits.sessionLifetimeMs * limits.timeScale),
    },
  };
}

/** An item of ListAgentRuntimes. */
export function runtimeSummaryJson(runtimeArn: string, createdAt: Date): object {
  return {
    agentRuntimeArn: runtimeArn,
    agentRuntimeId: runtimeId(runtimeArn),
    agentRuntimeName: runtimeName(runtimeArn),
    agentRuntimeVersion: VERSION,
    description: 'local agent',
    lastUpdatedAt: createdAt.toISOString(),
    status: 'READY',
  };
}

/** An item of ListAgentRuntimeEndpoints. */
export function endpointJson(runtimeArn: string, name: string, createdAt: Date): object {
  return {
    name,
    id: name,
    liveVersion: VERSION,
    targetVersion: VERSION,
    agentRuntimeEndpointArn: endpointArnOf(runtimeArn, name),
    agentRuntimeArn: runtimeArn,
    status: 'READY',
    createdAt: createdAt.toISOString(),
    lastUpdatedAt: createdAt.toISOString(),
  };
}

/** `arn:...:runtime/{id}`. */
export function runtimeId(runtimeArn: string): string {
  return runtimeArn.slice(runtimeArn.indexOf('runtime/') + 'runtime/'.length);
}

/** A runtime id is its name, a dash and ten characters. */
function runtimeName(runtimeArn: string): string {
  return runtimeId(runtimeArn).replace(/-[a-zA-Z0-9]{10}$/, '');
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
