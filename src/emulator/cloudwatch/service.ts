import type { KeptResources } from '../kernel/resource-provider.ts';
import { alarmProvider } from './resources/alarm.ts';
import { dashboardProvider } from './resources/dashboard.ts';

/** The part of CloudWatch that stacks provision, in one Region: alarms, which never go off, and dashboards. The inventory is names. */
export function createCloudWatch() {
  const alarms: KeptResources = new Map();
  const dashboards: KeptResources = new Map();
  return {
    resourceProviders: [alarmProvider(alarms), dashboardProvider(dashboards)],
    inventory: () => ({ alarms: [...alarms.keys()], dashboards: [...dashboards.keys()] }),
  };
}
