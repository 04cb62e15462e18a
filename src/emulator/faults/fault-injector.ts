import type { EmitEvent } from '../kernel/emulator-event.ts';
import { seededRandom } from '../kernel/seeded-random.ts';
import {
  type AgentFault,
  type Fault,
  formatFault,
  type FunctionFault,
  isFunctionFault,
} from './fault.ts';

/** Decides which call runs into which fault, and tells of it. One per emulator. */
export interface FaultInjector {
  /** The faults of one invocation of a function. `requested`: those that the request itself asked for, in place of all others. */
  forFunction(requested: readonly Fault[] | undefined): readonly FunctionFault[];
  /** The fault of one call of AgentCore. */
  forAgent(call: {
    readonly accessKeyId: string;
    readonly sessionId: string;
  }): AgentFault | undefined;
  /**
   * Ties the faults that a request asked for to the credentials of the execution environment that works on it, which no other has
   * and which does one thing at a time: a function does not pass on what it was asked with, but it signs what it calls.
   * @returns unties them
   */
  arm(accessKeyId: string, requested: readonly Fault[]): () => void;
}

/**
 * @param input.faults meet every request that asks for none itself
 * @param input.seed the same seed meets the same requests of a sequence
 */
export function createFaultInjector(input: {
  readonly faults: readonly Fault[];
  readonly seed: number;
  readonly emit: EmitEvent;
}): FaultInjector {
  const { faults, emit } = input;
  const random = seededRandom(input.seed);
  const armed = new Map<string, readonly Fault[]>();
  /** Calls by session that a conflict has met. */
  const conflicts = new WeakMap<Fault, Map<string, number>>();

  const meets = ({ share = 1 }: Fault): boolean => share === 1 || random() < share;
  const tell = (fault: Fault): void => {
    const place = isFunctionFault(fault) ? 'function' : 'agent';
    emit({ type: 'fault', fault: formatFault(fault), place });
  };
  const isLeft = (fault: AgentFault, sessionId: string): boolean => {
    if (fault.kind !== 'conflict' || fault.calls === undefined) return true;
    const bySession = conflicts.get(fault) ?? new Map<string, number>();
    const met = bySession.get(sessionId) ?? 0;
    conflicts.set(fault, bySession.set(sessionId, met + 1));
    return met < fault.calls;
  };

  return {
    forFunction(requested = faults) {
      const found = requested.filter(isFunctionFault).filter(meets);
      for (const fault of found) tell(fault);
      return found;
    },
    forAgent({ accessKeyId, sessionId }) {
      const found = (armed.get(accessKeyId) ?? faults)
        .filter((fault) => !isFunctionFault(fault))
        .find((fault) => meets(fault) && isLeft(fault, sessionId));
      if (found) tell(found);
      return found;
    },
    arm(accessKeyId, requested) {
      armed.set(accessKeyId, requested);
      return () => void armed.delete(accessKeyId);
    },
  };
}

/** No fault at all: for a service that stands alone. */
export const NO_FAULTS: FaultInjector = {
  forFunction: () => [],
  forAgent: () => undefined,
  arm: () => () => undefined,
};
