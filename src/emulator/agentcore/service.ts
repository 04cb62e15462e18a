import type { AwsRequest, Service } from '../kernel/service.ts';
import type { EmitEvent } from '../kernel/emulator-event.ts';
import { type FaultInjector, NO_FAULTS } from '../faults/fault-injector.ts';
import type { Iam } from '../iam/service.ts';
import { arn, type Place } from '../kernel/place.ts';
import { dispatchRest, type PathParams, type RestRoutes, sendJson } from '../protocols/rest-json.ts';
import { notFound } from './errors.ts';
import {
  type AgentsByArn,
  endpointJson,
  endpointNames,
  findAgent,
  readRuntimeAddress,
  runtimeId,
  runtimeJson,
  runtimeSummaryJson,
} from './agent-runtime.ts';
import { invokeAgentRuntime } from './invoke-agent-runtime.ts';
import type { AgentCoreLimits } from './limits.ts';
import { createQuotas } from './quotas.ts';
import { createSessions, readSessionId, SESSION_HEADER } from './store.ts';

/**
 * Bedrock AgentCore Runtime of one Region: the data plane (InvokeAgentRuntime, StopRuntimeSession) and the control plane's reads,
 * which share a signing name.
 * @param input.agents by runtime ARN; may change while the service runs
 */
export function createAgentCore(input: {
  readonly place: Place;
  readonly iam: Iam;
  readonly agents: AgentsByArn;
  readonly limits: AgentCoreLimits;
  readonly faults?: FaultInjector;
  readonly emit?: EmitEvent;
}): Service {
  const { place, iam, agents, limits, faults = NO_FAULTS, emit } = input;
  const quotas = createQuotas(limits, place.region);
  const sessions = createSessions(limits, quotas.admitSession, (endpointArn, sessionId) =>
    emit?.({ type: 'session-start', endpointArn, sessionId }),
  );
  const createdAt = new Date();

  const findArn = (id: string): string => {
    const found = [...agents.keys()].find((runtimeArn) => runtimeId(runtimeArn) === id);
    if (found === undefined) throw notFound(`Resource with id ${id} not found`);
    return found;
  };

  const stopRuntimeSession = (request: AwsRequest, params: PathParams): string => {
    const address = readRuntimeAddress(params['runtime'] ?? '', request.query, place);
    const resources = [address.runtimeArn, address.endpointArn];
    iam.authorize(request.accessKeyId, 'bedrock-agentcore:StopRuntimeSession', resources);
    quotas.admitCall('StopRuntimeSession', address.runtimeArn);
    const sessionId = readSessionId(request);
    findAgent(agents, address);
    if (sessionId === undefined || !sessions.stop(address.endpointArn, sessionId))
      throw notFound(`Session ${sessionId ?? ''} not found`);
    return sessionId;
  };

  const routes: RestRoutes = {
    'POST /runtimes/{runtime}/invocations': (request, response, params) =>
      invokeAgentRuntime(request, response, params['runtime'] ?? '', {
        place,
        iam,
        agents,
        sessions,
        quotas,
        faults,
        limits,
      }),
    'POST /runtimes/{runtime}/stopruntimesession': (request, response, params) => {
      const sessionId = stopRuntimeSession(request, params);
      sendJson(response, 200, {}, { [SESSION_HEADER]: sessionId });
    },
    'GET /runtimes/{runtime}': (request, response, params) => {
      const id = params['runtime'] ?? '';
      // Authorized before the lookup: the resource is the name that was given.
      const resource = arn(place, 'bedrock-agentcore', `runtime/${id}`);
      iam.authorize(request.accessKeyId, 'bedrock-agentcore:GetAgentRuntime', [resource]);
      const runtimeArn = findArn(id);
      const settings = agents.get(runtimeArn)?.runtime;
      sendJson(response, 200, runtimeJson(runtimeArn, createdAt, place, limits, settings));
    },
    'POST /runtimes': ({ accessKeyId }, response) => {
      iam.authorize(accessKeyId, 'bedrock-agentcore:ListAgentRuntimes', ['*']);
      const items = [...agents.keys()].map((runtimeArn) => runtimeSummaryJson(runtimeArn, createdAt));
      sendJson(response, 200, { agentRuntimes: items });
    },
    'POST /runtimes/{runtime}/runtime-endpoints': ({ accessKeyId }, response, params) => {
      const runtimeArn = findArn(params['runtime'] ?? '');
      iam.authorize(accessKeyId, 'bedrock-agentcore:ListAgentRuntimeEndpoints', [runtimeArn]);
      const names = endpointNames(agents.get(runtimeArn) ?? {});
      sendJson(response, 200, {
        runtimeEndpoints: names.map((name) => endpointJson(runtimeArn, name, createdAt)),
      });
    },
  };

  return {
    protocol: 'rest-json',
    resourceProviders: [],
    handle: (request, response) => dispatchRest(routes, request, response),
    async close() {
      sessions.close();
    },
  };
}
