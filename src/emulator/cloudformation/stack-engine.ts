import type { OnStackFailure } from './change-set.ts';
import { createStack } from './create-stack.ts';
import { deleteStack } from './delete-stack.ts';
import type { StackDefinition } from './stack-definition.ts';
import {
  cancelInFlight,
  pause,
  reasonOf,
  startOperation,
  type EngineContext,
  type StackOperation,
} from './stack-operation.ts';
import type { Stack } from './stack.ts';
import { updateStack } from './update-stack.ts';

/**
 * Runs the operations of stacks in the background. Every call puts the stack into its IN_PROGRESS status and returns; the
 * promise is that of the operation's end, whatever it is, and never rejects. The callers check beforehand that the stack's
 * status allows the operation.
 */
export interface StackEngine {
  create(
    stack: Stack,
    definition: StackDefinition,
    options: { readonly token: string | undefined; readonly onFailure: OnStackFailure },
  ): Promise<void>;
  update(
    stack: Stack,
    definition: StackDefinition,
    options: { readonly token: string | undefined; readonly disableRollback: boolean },
  ): Promise<void>;
  /** A creation that is still going on is broken off. */
  delete(
    stack: Stack,
    options: { readonly token: string | undefined; readonly retain: readonly string[] },
  ): Promise<void>;
  /** Runs something later, in the time that a resource takes; not after the emulator has closed. */
  later(run: () => void): void;
  /** Stops all operations where they are, and waits until they have. */
  close(): Promise<void>;
}

interface Run {
  readonly operation: StackOperation | undefined;
  readonly done: Promise<void>;
}

export function createStackEngine(engine: Omit<EngineContext, 'signal'>): StackEngine {
  const closing = new AbortController();
  const context: EngineContext = { ...engine, signal: closing.signal };
  const runs = new Map<Stack, Run>();
  const timers = new Set<Promise<void>>();

  const run = (
    stack: Stack,
    operation: StackOperation | undefined,
    failedStatus: string,
    work: () => Promise<void>,
  ): Promise<void> => {
    const done = work()
      // A bug must not leave the caller polling for ever.
      .catch((error: unknown) => context.store.reportStack(stack, failedStatus, reasonOf(error)))
      .finally(() => {
        if (runs.get(stack)?.done === done) runs.delete(stack);
      });
    runs.set(stack, { operation, done });
    return done;
  };

  return {
    create(stack, definition, { token, onFailure }) {
      stack.definition = definition;
      stack.disableRollback = onFailure === 'DO_NOTHING';
      context.store.reportStack(stack, 'CREATE_IN_PROGRESS', 'User Initiated', token);
      const operation = startOperation(stack, definition, token);
      return run(stack, operation, 'CREATE_FAILED', () =>
        createStack(context, operation, onFailure),
      );
    },
    update(stack, definition, { token, disableRollback }) {
      const previous = { definition: stack.definition ?? definition, disableRollback };
      stack.definition = definition;
      stack.disableRollback = disableRollback;
      context.store.reportStack(stack, 'UPDATE_IN_PROGRESS', 'User Initiated', token);
      stack.lastUpdatedTime = stack.events.at(-1)?.timestamp;
      const operation = startOperation(stack, definition, token);
      return run(stack, operation, 'UPDATE_FAILED', () =>
        updateStack(context, operation, previous),
      );
    },
    delete(stack, { token, retain }) {
      const running = runs.get(stack);
      if (running?.operation) {
        running.operation.isAbandoned = true;
        cancelInFlight(context, running.operation);
      }
      context.store.reportStack(stack, 'DELETE_IN_PROGRESS', 'User Initiated', token);
      return run(stack, undefined, 'DELETE_FAILED', async () => {
        await running?.done;
        await pause(context);
        if (!context.signal.aborted)
          await deleteStack(context, stack, { token, retain, isRollback: false });
      });
    },
    later(run) {
      const timer = pause(context).then(() => {
        timers.delete(timer);
        if (!context.signal.aborted) run();
      });
      timers.add(timer);
    },
    async close() {
      closing.abort();
      await Promise.all([...timers, ...[...runs.values()].map(({ done }) => done)]);
    },
  };
}
