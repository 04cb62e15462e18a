import type { Service } from '../kernel/service.ts';
import type { EmitEvent } from '../kernel/emulator-event.ts';
import { arn } from '../kernel/place.ts';
import { dispatchRest, type RestCall, type RestRoutes, sendJson } from '../protocols/rest-json.ts';
import { notFound } from './errors.ts';
import {
  endpointJson,
  endpointNames,
  findAgent,
  readRuntimeAddress,
  runtimeId,
  runtimeJson,
  runtimeSummaryJson,
} from './agent-runtime.ts';
import { invokeAgentRuntime, type InvokeContext } from './invoke-agent-runtime.ts';
import { createQuotas, createSessions, readSessionId, SESSION_HEADER } from './store.ts';

/** AgentCore Runtime of one Region: data plane and the control plane's reads. @param input.agents may change at any time */
export function createAgentCore(
  input: Pick<InvokeContext, 'place' | 'iam' | 'agents' | 'limits' | 'faults'> & { readonly emit: EmitEvent },
): Service {
  const { place, iam, agents, limits, faults, emit } = input;
  const quotas = createQuotas(limits, place.region);
  const sessions = createSessions(limits, quotas.admitSession, (endpointArn, sessionId) =>
    emit({ type: 'session-start', endpointArn, sessionId }),
  );
  const createdAt = new Date();

  const findArn = (id: string): string => {
    const found = [...agents.keys()].find((runtimeArn) => runtimeId(runtimeArn) === id);
    if (found === undefined) throw notFound(`Resource with id ${id} not found`);
    return found;
  };

  const stopRuntimeSession = ({ request, label }: RestCall): string => {
    const address = readRuntimeAddress(label('runtime'), request.query, place);
    const resources = [address.runtimeArn, address.endpointArn];
    iam.authorize(request.accessKeyId, 'bedrock-agentcore:StopRuntimeSession', resources);
    quotas.admitCall('StopRuntimeSession', address.runtimeArn);
    const sessionId = readSessionId(request);
    findAgent(agents, address);
    if (sessionId === undefined || !sessions.stop(address.endpointArn, sessionId))
      throw notFound(`Session ${sessionId ?? ''} not found`);
    return sessionId;
  };

  const context = { place, iam, agents, sessions, quotas, faults, limits };
  const routes: RestRoutes = {
    'POST /runtimes/{runtime}/invocations': (call) => invokeAgentRuntime(call, context),
    'POST /runtimes/{runtime}/stopruntimesession': (call) =>
      sendJson(call.response, 200, {}, { [SESSION_HEADER]: stopRuntimeSession(call) }),
    'GET /runtimes/{runtime}': ({ request, label }) => {
      // Authorized before the lookup: the resource is the name that was given.
      const resource = arn(place, 'bedrock-agentcore', `runtime/${label('runtime')}`);
      iam.authorize(request.accessKeyId, 'bedrock-agentcore:GetAgentRuntime', [resource]);
      const runtimeArn = findArn(label('runtime'));
      return runtimeJson(runtimeArn, createdAt, place, limits, agents.get(runtimeArn)?.runtime);
    },
    'POST /runtimes': ({ request }) => {
      iam.authorize(request.accessKeyId, 'bedrock-agentcore:ListAgentRuntimes', ['*']);
      return { agentRuntimes: [...agents.keys()].map((runtimeArn) => runtimeSummaryJson(runtimeArn, createdAt)) };
    },
    'POST /runtimes/{runtime}/runtime-endpoints': ({ request, label }) => {
      const runtimeArn = findArn(label('runtime'));
      iam.authorize(request.accessKeyId, 'bedrock-agentcore:ListAgentRuntimeEndpoints', [runtimeArn]);
      const names = endpointNames(agents.get(runtimeArn) ?? {});
      return { runtimeEndpoints: names.map((name) => endpointJson(runtimeArn, name, createdAt)) };
    },
  };

  return {
    protocol: 'rest-json',
    handle: (request, response) => dispatchRest(routes, request, response),
    async close() {
      sessions.close();
    },
  };
}
