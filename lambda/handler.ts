import { INVOKE_PATH, PROBE_PATH } from '../src/protocol.ts';
import { AgentRuntime } from './agent-runtime.ts';
import { readCaller } from './caller.ts';
import { readConfig } from './config.ts';
import { ClientResponse, corsHeaders, WireError } from './response.ts';
import { streamProbe } from './probe.ts';
import { relayTurn } from './relay.ts';
import { type ProxyEvent, readAgentRequest, readHeader, readProbeRequest, readStopRequest } from './request.ts';

const config = readConfig(process.env);
const runtime = new AgentRuntime(config);

/** How long this environment took to start; told once, by the invocation that waited for it. */
let initMs: number | undefined = performance.now();

export const handler = awslambda.streamifyResponse(async (event, responseStream, context) => {
  const request = (event ?? {}) as ProxyEvent;
  const response = new ClientResponse(
    responseStream,
    request.requestContext?.requestId ?? context.awsRequestId,
    corsHeaders(config, readHeader(request, 'Origin')),
  );
  const ownInitMs = initMs;
  initMs = undefined;
  try {
    await route(request, response, context, ownInitMs);
  } catch (error) {
    if (response.begun) throw error;
    response.sendError(error);
  }
});

async function route(
  event: ProxyEvent,
  response: ClientResponse,
  context: awslambda.Context,
  ownInitMs: number | undefined,
): Promise<void> {
  const callerOf = (sessionId: string) => readCaller(event.requestContext, sessionId, config, context.invokedFunctionArn);
  switch (`${event.httpMethod} ${event.resource}`) {
    case `POST ${INVOKE_PATH}`: {
      const request = readAgentRequest(event);
      const { sessionId } = request;
      return relayTurn({ ...request, ...callerOf(sessionId) }, runtime, response, {
        sessionId,
        heartbeatMs: config.heartbeatMs,
        flush: config.flush,
        remainingMs: context.getRemainingTimeInMillis(),
        initMs: ownInitMs,
      });
    }
    case `DELETE ${INVOKE_PATH}`: {
      const { sessionId, qualifier } = readStopRequest(event);
      await runtime.stopSession(callerOf(sessionId).sessionId, qualifier);
      return response.sendJson(200, { session_id: sessionId, status: 'stopped' });
    }
    case `POST ${PROBE_PATH}`:
      return streamProbe(
        readProbeRequest(event, config.flush),
        response,
        () => context.getRemainingTimeInMillis(),
        ownInitMs === undefined ? {} : { 'Server-Timing': `init;dur=${ownInitMs.toFixed(1)}` },
      );
    default:
      throw new WireError('NOT_FOUND', 'there is no such path or method');
  }
}
