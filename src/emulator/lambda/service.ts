import type { EmitEvent } from '../kernel/emulator-event.ts';
import type { FaultInjector } from '../faults/fault-injector.ts';
import type { Iam } from '../iam/service.ts';
import type { LogGroups, PutLogEvent } from '../logs/store.ts';
import type { Place } from '../kernel/place.ts';
import { dispatchRest, type RestRoutes } from '../protocols/rest-json.ts';
import type { Service } from '../kernel/service.ts';
import { functionRoutes } from './function-api.ts';
import { EnvironmentPool } from './environment-pool.ts';
import { functionProvider } from './resources/function.ts';
import { createFunctions } from './store.ts';
import { createInvokeFunction, type FunctionInvoker } from './invoke-function.ts';
import { invokeRoutes } from './invoke-api.ts';
import type { LambdaLimits } from './limits.ts';
import { createOpenLog } from './environment-log.ts';
import { type Permission, permissionProvider } from './resources/permission.ts';

export type LambdaService = ReturnType<typeof createLambda>;

/** Lambda in one Region: inline Node.js code in child processes. `endpointUrl` is asked for when a process starts. */
export function createLambda(input: {
  readonly place: Place;
  readonly iam: Iam;
  readonly logGroups: LogGroups;
  /** Takes what functions log. */
  readonly putLogEvent: PutLogEvent;
  readonly limits: LambdaLimits;
  readonly endpointUrl: () => string;
  readonly emit: EmitEvent;
  readonly faults: FaultInjector;
  readonly seed: number;
}) {
  const { place, iam, limits, logGroups, putLogEvent, faults, seed } = input;
  const functions = createFunctions(place);
  const permissions = new Map<string, Permission>();
  const pool = new EnvironmentPool({
    functions,
    limits,
    emit: input.emit,
    arm: faults.arm,
    factsFor: ({ roleArn }) => ({
      region: place.region,
      credentials: iam.assumeRole(roleArn, 'lambda.amazonaws.com'),
      endpointUrl: input.endpointUrl(),
    }),
    openLog: createOpenLog(place, iam, logGroups, putLogEvent),
  });

  const onChange = (name: string) => {
    pool.retireStale();
    if (functions.has(name)) return;
    for (const [id, permission] of permissions) {
      if (permission.functionName === name) permissions.delete(id);
    }
  };

  const invoke = createInvokeFunction({ functions, permissions, pool, limits, faults, seed });
  const routes: RestRoutes = {
    ...functionRoutes(functions, permissions, iam, limits),
    ...invokeRoutes({ functions, iam, limits, invoke }),
  };
  return {
    protocol: 'rest-json',
    resourceProviders: [functionProvider({ functions, iam, limits, onChange }), permissionProvider(functions, permissions)],
    invoke,
    functionArns: () => functions.all().map((definition) => definition.arn),
    handle: (request, response) => dispatchRest(routes, request, response),
    close: () => pool.close(),
  } satisfies Service & FunctionInvoker & Record<string, unknown>;
}
