import { IDLE_LIMIT_MS, scaleIdleLimit, scaleLengthLimit, STREAM_LIMIT_MS } from '../aws/limits.ts';
import type { Stack } from '../aws/stack.ts';
import { judgeIntegration } from './integrations.ts';
import { known, type LiveSettings } from './live-settings.ts';
import type { KnownSettings } from './settings/setting.ts';
import { allValues, SETTING_ROWS } from './settings/settings.ts';

export type StackStatus = ReturnType<typeof stackStatus>;

/** Everything that `status` shows. @param live undefined for a stack without an API */
export function stackStatus(
  given: Stack,
  live: LiveSettings | undefined,
  where: { readonly region: string; readonly url: string | undefined; readonly timeScale?: number | undefined },
) {
  const { region, url, timeScale = 1 } = where;
  // The template lacks what is off, with its parameters.
  const isComplete = given.parameters.AgentRuntimeArn !== undefined;
  const stack = isComplete ? { ...given, parameters: allValues(given.parameters) } : given;
  const { outputs } = stack;
  const endpointType = known(live?.endpointType) ?? outputs['EndpointType'];
  const idleMs = IDLE_LIMIT_MS[endpointType ?? ''];
  const integrations = known(live?.integrations) ?? [];
  return {
    stack,
    region,
    url,
    live,
    /** From API Gateway, else from the stack's outputs. */
    endpointType,
    /** Longest silence and length of a stream, ms, divided by the time scale. */
    idleLimitMs: idleMs === undefined ? undefined : scaleIdleLimit(idleMs, timeScale),
    streamLimitMs: scaleLengthLimit(STREAM_LIMIT_MS, timeScale),
    timeScale,
    /** Problems that keep it from streaming, a sentence each. */
    problems: integrations.flatMap((each) => judgeIntegration(each, outputs['FunctionName'])),
    /** Settings that were changed outside CloudFormation. */
    drift: live ? findDrift(stack, live) : [],
  };
}

/**
 * Compares settings that people change in the console with the stack's parameters. CloudFormation's own drift detection covers all
 * properties but takes minutes.
 */
function findDrift({ parameters, outputs }: Stack, live: LiveSettings) {
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
