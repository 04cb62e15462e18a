import { IDLE_LIMIT_MS, scaleIdleLimit, scaleLengthLimit, STREAM_LIMIT_MS } from '../aws/limits.ts';
import type { Stack } from '../aws/stack.ts';
import { type Drift, findDrift } from './drift.ts';
import { judgeIntegration } from './integrations.ts';
import type { LiveSettings } from './live-settings.ts';

/** Everything that `status` shows. */
export interface StackStatus {
  readonly stack: Stack;
  readonly region: string;
  readonly url: string | undefined;
  /** Undefined for a stack without an API. */
  readonly live: LiveSettings | undefined;
  /** From API Gateway, else from the stack's outputs. */
  readonly endpointType: string | undefined;
  /** Longest silence and length of a stream, ms, divided by the time scale. */
  readonly idleLimitMs: number | undefined;
  readonly streamLimitMs: number;
  readonly timeScale: number;
  /** Problems that keep it from streaming, a sentence each. */
  readonly problems: readonly string[];
  readonly drift: readonly Drift[];
}

export function stackStatus(
  stack: Stack,
  live: LiveSettings | undefined,
  where: { readonly region: string; readonly url: string | undefined; readonly timeScale?: number | undefined },
): StackStatus {
  const { region, url, timeScale = 1 } = where;
  const { outputs } = stack;
  const endpointType = live?.endpointType.type === 'known' ? live.endpointType.value : outputs['EndpointType'];
  const idleMs = IDLE_LIMIT_MS[endpointType ?? ''];
  const integrations = live?.integrations.type === 'known' ? live.integrations.value : [];
  return {
    stack,
    region,
    url,
    live,
    endpointType,
    idleLimitMs: idleMs === undefined ? undefined : scaleIdleLimit(idleMs, timeScale),
    streamLimitMs: scaleLengthLimit(STREAM_LIMIT_MS, timeScale),
    timeScale,
    problems: integrations.flatMap((each) => judgeIntegration(each, outputs['FunctionName'])),
    drift: live ? findDrift(stack, live) : [],
  };
}
