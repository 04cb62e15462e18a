import { IDLE_LIMIT_MS, scaleIdleLimit, scaleLengthLimit, STREAM_LIMIT_MS } from '../aws/limits.ts';
import type { Stack } from '../aws/stack.ts';
import { judgeIntegration } from './integrations.ts';
import { findDrift } from './drift.ts';
import { known, type LiveSettings } from './live-settings.ts';
import { allValues } from './settings/settings.ts';

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
