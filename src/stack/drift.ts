import type { Stack } from '../aws/stack.ts';
import type { LiveSettings } from './live-settings.ts';
import type { KnownSettings } from './settings/setting.ts';
import { SETTING_ROWS } from './settings/settings.ts';

/** A setting that was changed outside CloudFormation. */
export interface Drift {
  /** For example `memory of the function`. */
  readonly what: string;
  readonly stack: string;
  readonly live: string;
}

/**
 * Compares settings that people change in the console with the stack's parameters. CloudFormation's own drift detection covers all
 * properties but takes minutes.
 */
export function findDrift({ parameters, outputs }: Stack, live: LiveSettings): Drift[] {
  const known = knownSettings(live);
  const found = SETTING_ROWS.flatMap(([name, { drift = [] }]) =>
    drift.flatMap((check): Drift[] => {
      const stack = parameters[name];
      const value = check.live(known);
      // A stack of an older version lacks the parameter.
      if (stack === undefined || value === undefined || isSame(stack, String(value))) return [];
      return [{ what: check.what, stack, live: String(value) }];
    }),
  );
  if (known.stage && known.stage.webAclArn !== outputs.WafAclArn) {
    const { webAclArn: acl } = known.stage;
    const stack = outputs.WafAclArn ?? 'none';
    found.push({ what: 'web ACL of the stage', stack, live: acl ?? 'none' });
  }
  return found;
}

function knownSettings(live: LiveSettings): KnownSettings {
  return Object.fromEntries(
    Object.entries(live).flatMap(([name, reading]) => (reading.type === 'known' ? [[name, reading.value as unknown]] : [])),
  );
}

/** Compares numbers by value: `10` equals `10.0`. */
function isSame(a: string, b: string): boolean {
  return a === b || (a !== '' && b !== '' && Number(a) === Number(b));
}
