import type { Stack } from '../aws/stack.ts';
import type { LiveSettings } from './live-settings.ts';
import type { KnownSettings } from './settings/setting.ts';
import { SETTING_ROWS } from './settings/settings.ts';

/**
 * Compares settings that people change in the console with the stack's parameters. CloudFormation's own drift detection covers all
 * properties but takes minutes.
 */
export function findDrift({ parameters, outputs }: Stack, live: LiveSettings) {
  const read = Object.entries(live).flatMap(([name, reading]) =>
    reading.type === 'known' ? [[name, reading.value as unknown]] : [],
  );
  const known = Object.fromEntries(read) as KnownSettings;
  const found = SETTING_ROWS.flatMap(([name, { drift = [] }]) =>
    drift.flatMap((check) => {
      const stack = parameters[name];
      const value = check.live(known);
      // A stack of an older version lacks the parameter.
      if (stack === undefined || value === undefined || isSame(stack, String(value))) return [];
      return [{ what: check.what, stack, live: String(value) }];
    }),
  );
  const { stage } = known;
  if (!stage || stage.webAclArn === outputs.WafAclArn) return found;
  return [...found, { what: 'web ACL of the stage', stack: outputs.WafAclArn ?? 'none', live: stage.webAclArn ?? 'none' }];
}

/** Compares numbers by value: `10` equals `10.0`. */
function isSame(a: string, b: string): boolean {
  return a === b || (a !== '' && b !== '' && Number(a) === Number(b));
}
