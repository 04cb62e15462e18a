import type { ApiStore } from '../store.ts';
import { GatewayError } from '../front-door/gateway-error.ts';
import type { ApiKey, UsagePlan } from '../usage-plan.ts';

/**
 * Finds the key of a request whose method needs one, and the usage plan that lets it into the stage.
 * @param value the `x-api-key` header
 * @throws {GatewayError} 403 Forbidden when it is missing, unknown, disabled, or in no usage plan of the stage
 */
export function requireApiKey(
  store: ApiStore,
  target: { readonly apiId: string; readonly stage: string },
  value: string | undefined,
): { readonly key: ApiKey; readonly plan: UsagePlan } {
  const key = [...store.apiKeys.values()].find((candidate) => candidate.value === value);
  const plan = [...store.usagePlans.values()].find(
    (plan) =>
      key !== undefined &&
      plan.keyIds.has(key.id) &&
      plan.apiStages.some(({ apiId, stage }) => apiId === target.apiId && stage === target.stage),
  );
  if (!key?.enabled || !plan) {
    throw new GatewayError('INVALID_API_KEY', 403, 'ForbiddenException', 'Forbidden');
  }
  return { key, plan };
}
