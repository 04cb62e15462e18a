/** The clocks of one integration. */
export interface IntegrationTimers {
  /** The function has sent something. */
  readonly touch: () => void;
  readonly stop: () => void;
}

/**
 * Starts the clocks of an integration: one for the whole answer and, for streams, one for silence.
 * @param idleMs undefined for a buffered integration
 * @param idleFromStart whether silence counts before the first `touch`
 */
export function startIntegrationTimers(input: {
  readonly totalMs: number;
  readonly idleMs: number | undefined;
  readonly idleFromStart: boolean;
  readonly onExpire: () => void;
}): IntegrationTimers {
  const { totalMs, idleMs, idleFromStart } = input;
  let stopped = false;
  let idle: NodeJS.Timeout | undefined;
  const stop = () => {
    stopped = true;
    clearTimeout(total);
    clearTimeout(idle);
  };
  const expire = () => {
    stop();
    input.onExpire();
  };
  const total = setTimeout(expire, totalMs);
  const touch = () => {
    if (stopped || idleMs === undefined) return;
    if (idle) idle.refresh();
    else idle = setTimeout(expire, idleMs);
  };
  if (idleFromStart) touch();
  return { touch, stop };
}
