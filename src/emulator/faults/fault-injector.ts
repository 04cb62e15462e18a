import type { EmitEvent } from '../kernel/emulator-event.ts';
import { seededRandom } from '../kernel/seeded-random.ts';
import { type AgentFault, type Fault, formatFault, type FunctionFault, isFunctionFault } from './fault.ts';

/** Decides which call meets which fault, and emits an event for it. One per emulator. */
export type FaultInjector = ReturnType<typeof createFaultInjector>;

/** @param input.faults of requests that ask for none. @param input.seed the same seed selects the same requests of a sequence */
export function createFaultInjector(input: {
  readonly faults: readonly Fault[];
  readonly seed: number;
  readonly emit: EmitEvent;
}) {
  const { faults, emit } = input;
  const random = seededRandom(input.seed);
  const armed = new Map<string, readonly Fault[]>();
  /** Number of calls that a conflict has met, by session. */
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
    /** Faults of one invocation of a function. @param requested those of the request itself, which replace the emulator's */
    forFunction(requested: readonly Fault[] = faults): readonly FunctionFault[] {
      const found = requested.filter(isFunctionFault).filter(meets);
      for (const fault of found) tell(fault);
      return found;
    },
    /** Fault of one call of AgentCore. */
    forAgent(call: { readonly accessKeyId: string; readonly sessionId: string }): AgentFault | undefined {
      const found = (armed.get(call.accessKeyId) ?? faults)
        .filter((fault) => !isFunctionFault(fault))
        .find((fault) => meets(fault) && isLeft(fault, call.sessionId));
      if (found) tell(found);
      return found;
    },
    /**
     * Binds the faults of a request to the credentials of the execution environment that works on it. A function does not pass the fault
     * header on, but it signs its calls with these credentials, which are its own and serve one invocation at a time.
     * @returns removes the binding
     */
    arm(accessKeyId: string, requested: readonly Fault[]): () => void {
      armed.set(accessKeyId, requested);
      return () => void armed.delete(accessKeyId);
    },
  };
}
