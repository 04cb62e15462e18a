import type { IncomingMessage } from 'node:http';
import { createAgentCore } from './agentcore/agent-core.ts';
import { type ApiGatewayService, createApiGateway } from './apigateway/api-gateway.ts';
import { createCloudFormation } from './cloudformation/cloudformation.ts';
import type { EmitEvent } from './emulator-event.ts';
import type { FaultInjector } from './faults/fault-injector.ts';
import type { Iam } from './iam/iam.ts';
import { roleProvider } from './iam/resource-provider.ts';
import { createLambda } from './lambda/lambda.ts';
import { createLogWriter } from './logs/log-events.ts';
import type { LogGroups } from './logs/log-groups.ts';
import { createLogs } from './logs/logs.ts';
import { DEFAULT_SEED, type EmulatorOptions } from './options.ts';
import type { Place } from './place.ts';
import type { Service } from './service.ts';
import type { ServiceLimits } from './service-limits.ts';

/** The services of one Region, joined. */
export interface Region {
  readonly apiGateway: ApiGatewayService;
  /** By signing name. */
  readonly services: ReadonlyMap<string, Service>;
  logGroupNames(): readonly string[];
  close(): Promise<void>;
}

export function createRegion(input: {
  readonly place: Place;
  readonly iam: Iam;
  readonly options: EmulatorOptions;
  readonly limits: ServiceLimits;
  readonly faults: FaultInjector;
  readonly endpointUrl: () => string;
  readonly emit: EmitEvent;
  readonly authenticate: (incoming: IncomingMessage, body: Buffer) => { accessKeyId: string };
}): Region {
  const { place, iam, options, limits, faults, emit, authenticate } = input;
  const logGroups: LogGroups = new Map();
  const putLogEvent = createLogWriter(logGroups, limits.logs);
  const logs = createLogs({ place, iam, logGroups, limits: limits.logs });
  const lambda = createLambda({
    place,
    iam,
    logGroups,
    putLogEvent,
    limits: limits.lambda,
    faults,
    seed: options.seed ?? DEFAULT_SEED,
    endpointUrl: input.endpointUrl,
    emit,
  });
  const apiGateway = createApiGateway({
    place,
    lambda,
    iam,
    limits: limits.apiGateway,
    emit,
    putLogEvent,
    authenticate,
  });
  const agentCore = createAgentCore({
    place,
    iam,
    agents: options.agents ?? new Map(),
    limits: limits.agentCore,
    faults,
    emit,
  });
  const cloudFormation = createCloudFormation({
    place,
    resourceProviders: [
      roleProvider(iam),
      ...logs.resourceProviders,
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
    ['logs', logs],
  ]);
  return {
    apiGateway,
    services,
    logGroupNames: () => [...logGroups.keys()],
    async close() {
      // The engine first: it must not begin anything while the others end.
      for (const service of services.values()) await service.close();
    },
  };
}
