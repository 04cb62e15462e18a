import type { KeptResource, ResourceProvider } from '../kernel/resource-provider.ts';
import { alarmProvider } from './resources/alarm.ts';
import { dashboardProvider } from './resources/dashboard.ts';

/** The part of CloudWatch that stacks provision, in one Region: alarms, which never go off, and dashboards. */
export interface CloudWatch {
  readonly resourceProviders: readonly ResourceProvider[];
  /** Names of existing alarms and dashboards. */
  inventory(): { readonly alarms: readonly string[]; readonly dashboards: readonly string[] };
}

export function createCloudWatch(): CloudWatch {
  const alarms = new Map<string, KeptResource>();
  const dashboards = new Map<string, KeptResource>();
  return {
    resourceProviders: [alarmProvider(alarms), dashboardProvider(dashboards)],
    inventory: () => ({ alarms: [...alarms.keys()], dashboards: [...dashboards.keys()] }),
  };
}
