import type { IncomingMessage } from 'node:http';
import { createAgentCore } from './agentcore/agent-core.ts';
import { API_GATEWAY_LIMITS } from './apigateway/limits.ts';
import { AGENT_CORE_LIMITS } from './agentcore/limits.ts';
import { type ApiGatewayService, createApiGateway } from './apigateway/api-gateway.ts';
import { createCloudFormation } from './cloudformation/cloudformation.ts';
import type { EmitEvent } from './emulator-event.ts';
import type { Iam } from './iam/iam.ts';
import { roleProvider } from './iam/resource-provider.ts';
import { createLambda } from './lambda/lambda.ts';
import { LAMBDA_LIMITS } from './lambda/limits.ts';
import { logGroupProvider, type LogGroups } from './logs/log-groups.ts';
import type { EmulatorOptions } from './options.ts';
import type { Place } from './place.ts';
import type { Service } from './service.ts';

/** The services of one Region, joined. */
export interface Region {
  readonly apiGateway: ApiGatewayService;
  /** By signing name. */
  readonly services: ReadonlyMap<string, Service>;
  close(): Promise<void>;
}

export function createRegion(input: {
  readonly place: Place;
  readonly iam: Iam;
  readonly options: EmulatorOptions;
  readonly endpointUrl: () => string;
  readonly emit: EmitEvent;
  readonly authenticate: (incoming: IncomingMessage, body: Buffer) => { accessKeyId: string };
}): Region {
  const { place, iam, options, emit, authenticate } = input;
  const logGroups: LogGroups = new Map();
  const lambda = createLambda({
    place,
    iam,
    logGroups,
    limits: { ...LAMBDA_LIMITS, ...options.lambda },
    endpointUrl: input.endpointUrl,
    emit,
  });
  const apiGateway = createApiGateway({
    place,
    lambda,
    iam,
    limits: { ...API_GATEWAY_LIMITS, ...options.apiGateway },
    emit,
    authenticate,
  });
  const agentCore = createAgentCore({
    place,
    iam,
    agents: options.agents ?? new Map(),
    limits: { ...AGENT_CORE_LIMITS, ...options.agentCore },
  });
  const cloudFormation = createCloudFormation({
    place,
    resourceProviders: [
      roleProvider(iam),
      logGroupProvider(logGroups),
      ...lambda.resourceProviders,
      ...apiGateway.resourceProviders,
    ],
    options: options.cloudFormation ?? {},
  });
  const services = new Map<string, Service>([
    ['cloudformation', cloudFormation],
    ['lambda', lambda],
    ['apigateway', apiGateway],
    ['bedrock-agentcore', agentCore],
  ]);
  return {
    apiGateway,
    services,
    async close() {
      // The engine first: it must not begin anything while the others end.
      for (const service of services.values()) await service.close();
    },
  };
}
