import type { RouteInput } from './apigateway/front-door/route.ts';
import { createAgentCore } from './agentcore/service.ts';
import { createApiGateway } from './apigateway/service.ts';
import { createCloudFormation } from './cloudformation/service.ts';
import { createCloudWatch } from './cloudwatch/service.ts';
import type { EmitEvent } from './kernel/emulator-event.ts';
import type { FaultInjector } from './faults/fault-injector.ts';
import type { Iam } from './iam/service.ts';
import { roleProvider } from './iam/resources/role.ts';
import { createSts } from './iam/sts.ts';
import { createLambda } from './lambda/service.ts';
import { createLogWriter, type LogGroups } from './logs/store.ts';
import { createLogs } from './logs/service.ts';
import { DEFAULT_SEED, type EmulatorOptions } from './options.ts';
import type { Place } from './kernel/place.ts';
import { recordSetProvider } from './route53/resources/record-set.ts';
import type { Service } from './kernel/service.ts';
import type { ServiceLimits } from './service-limits.ts';
import { createSns } from './sns/service.ts';
import type { UserPools } from './cognito/service.ts';
import { createWaf } from './wafv2/service.ts';

/** The connected services of one Region. */
export type Region = ReturnType<typeof createRegion>;

export function createRegion(input: {
  readonly place: Place;
  readonly iam: Iam;
  readonly options: EmulatorOptions;
  readonly limits: ServiceLimits;
  readonly faults: FaultInjector;
  readonly endpointUrl: () => string;
  readonly emit: EmitEvent;
  /** Route 53 is global. */
  readonly records: Set<string>;
  readonly userPools: UserPools;
  readonly authenticate: RouteInput['authenticate'];
}) {
  const { place, iam, options, limits, faults, emit, authenticate } = input;
  const logGroups: LogGroups = new Map();
  const putLogEvent = createLogWriter(logGroups, limits.logs);
  const logs = createLogs({ place, iam, logGroups, limits: limits.logs });
  const shared = { place, iam, faults, emit };
  const lambda = createLambda({
    ...shared,
    logGroups,
    putLogEvent,
    limits: limits.lambda,
    seed: options.seed ?? DEFAULT_SEED,
    endpointUrl: input.endpointUrl,
  });
  const waf = createWaf({
    place,
    limits: limits.waf,
    existing: options.webAcls ?? [],
    resourceExists: (arn): boolean => apiGateway.hasStage(arn),
  });
  const apiGateway = createApiGateway({
    ...shared,
    lambda,
    limits: limits.apiGateway,
    putLogEvent,
    authenticate,
    verifyToken: input.userPools.verify,
    waf,
    cloudWatchRoleArn: options.cloudWatchRoleArn,
  });
  const agentCore = createAgentCore({ ...shared, agents: options.agents ?? new Map(), limits: limits.agentCore });
  const cloudWatch = createCloudWatch({ iam, logs });
  const sns = createSns();
  const cloudFormation = createCloudFormation({
    ...shared,
    resourceProviders: [
      roleProvider(iam),
      ...logs.resourceProviders,
      ...lambda.resourceProviders,
      ...apiGateway.resourceProviders,
      ...waf.resourceProviders,
      ...cloudWatch.resourceProviders,
      ...sns.resourceProviders,
      recordSetProvider(input.records),
    ],
    options: options.cloudFormation ?? {},
  });
  const services = new Map<string, Service>([
    ['cloudformation', cloudFormation],
    ['lambda', lambda],
    ['apigateway', apiGateway],
    ['bedrock-agentcore', agentCore],
    ['logs', logs],
    ['wafv2', waf],
    ['sts', createSts(iam)],
    ['monitoring', cloudWatch],
  ]);
  return {
    apiGateway,
    /** By signing name. */
    services,
    /** Resources that no service API of the emulator lists, by kind. */
    inventory: () => joinInventories([logs.inventory(), cloudWatch.inventory(), sns.inventory(), waf.inventory()]),
    async close(): Promise<void> {
      // CloudFormation first: it must not begin anything while the others close.
      for (const service of services.values()) await service.close();
    },
  };
}

/** Names or ARNs of resources that no service API of the emulator lists, by kind. Empty kinds are present. */
export interface Inventory {
  readonly roles: readonly string[];
  readonly logGroups: readonly string[];
  readonly [kind: string]: readonly string[];
}

/** Joins inventories by kind. */
export function joinInventories(
  inventories: readonly Readonly<Record<string, readonly string[]>>[],
): Readonly<Record<string, readonly string[]>> {
  const joined: Record<string, readonly string[]> = {};
  for (const inventory of inventories) {
    for (const [kind, names] of Object.entries(inventory)) joined[kind] = [...(joined[kind] ?? []), ...names];
  }
  return joined;
}
