import type { Identity } from '../../iam/policy.ts';
import { runCreate, runUpdate } from './apply-definition.ts';
import { runDelete } from './delete-resources.ts';
import { type EngineContext, pause, reasonOf } from './resource-step.ts';
import { continueRollback } from './roll-back.ts';
import type { StackDefinition, Tag } from './stack-definition.ts';
import { cancelInFlight } from './stack-operation.ts';
import { type DeploymentMode, type OnStackFailure, type Stack, startOperation, type StackOperation } from './stack.ts';

/**
 * Runs the operations of stacks in the background. Each call puts the stack into its IN_PROGRESS status and returns a promise that
 * resolves at the end of the operation, whatever its outcome; it never rejects. The caller has checked that the stack's status allows
 * the operation.
 */
export type StackEngine = ReturnType<typeof createStackEngine>;

type OperationOptions = { readonly token: string | undefined; readonly deployment: DeploymentMode };

type CreateOptions = OperationOptions & { readonly onFailure: OnStackFailure };
type UpdateOptions = OperationOptions & { readonly disableRollback: boolean };

export function createStackEngine(engine: Omit<EngineContext, 'signal'>) {
  const closing = new AbortController();
  const context: EngineContext = { ...engine, signal: closing.signal };
  const runs = new Map<Stack, { readonly operation: StackOperation | undefined; readonly done: Promise<void> }>();
  const timers = new Set<Promise<void>>();

  const run = (stack: Stack, operation: StackOperation | undefined, failedStatus: string, work: () => Promise<void>) => {
    const done = work()
      // A bug must not leave a client polling forever.
      .catch((error: unknown) => context.store.reportStack(stack, failedStatus, reasonOf(error)))
      .finally(() => {
        if (runs.get(stack)?.done === done) runs.delete(stack);
      });
    runs.set(stack, { operation, done });
    return done;
  };

  const begin = (
    verb: 'CREATE' | 'UPDATE',
    stack: Stack,
    definition: StackDefinition,
    disableRollback: boolean,
    { token, deployment }: OperationOptions,
    changesTags = false,
  ): StackOperation => {
    Object.assign(stack, { definition, roleArn: definition.roleArn, disableRollback, deployment });
    context.store.begin(stack, `${verb}_STACK`);
    context.store.reportStack(stack, `${verb}_IN_PROGRESS`, 'User Initiated', token);
    return startOperation(stack, definition, token, deployment, changesTags);
  };

  return {
    create(stack: Stack, definition: StackDefinition, options: CreateOptions): Promise<void> {
      const { onFailure } = options;
      const operation = begin('CREATE', stack, definition, onFailure === 'DO_NOTHING', options);
      return run(stack, operation, 'CREATE_FAILED', () => runCreate(context, operation, onFailure));
    },
    update(stack: Stack, definition: StackDefinition, options: UpdateOptions): Promise<void> {
      const { disableRollback } = options;
      const previous = { definition: stack.definition ?? definition, disableRollback };
      const changesTags = !sameTags(previous.definition.tags, definition.tags);
      const operation = begin('UPDATE', stack, definition, disableRollback, options, changesTags);
      stack.lastUpdatedTime = stack.events.at(-1)?.timestamp;
      return run(stack, operation, 'UPDATE_FAILED', () => runUpdate(context, operation, previous));
    },
    /** Ends a running update where it is; it rolls back. */
    cancelUpdate(stack: Stack): void {
      const operation = runs.get(stack)?.operation;
      if (!operation) return;
      operation.isCancelled = true;
      cancelInFlight(context, operation);
    },
    /** Cancels a creation that is still running. */
    delete(stack: Stack, { token, retain }: Pick<OperationOptions, 'token'> & { readonly retain: readonly string[] }) {
      const running = runs.get(stack);
      if (running?.operation) {
        running.operation.isAbandoned = true;
        cancelInFlight(context, running.operation);
      }
      context.store.begin(stack, 'DELETE_STACK');
      context.store.reportStack(stack, 'DELETE_IN_PROGRESS', 'User Initiated', token);
      return run(stack, undefined, 'DELETE_FAILED', async () => {
        await running?.done;
        await pause(context);
        if (!context.signal.aborted) await runDelete(context, stack, { token, retain, isRollback: false });
      });
    },
    /** Undoes failed updates: on request (ROLLBACK), or once more after a failed rollback (CONTINUE_ROLLBACK). */
    rollBack(
      stack: Stack,
      options: Pick<OperationOptions, 'token'> & {
        readonly type: 'ROLLBACK' | 'CONTINUE_ROLLBACK';
        readonly skip: readonly string[];
      },
    ): Promise<void> {
      const { token, type, skip } = options;
      context.store.begin(stack, type);
      context.store.reportStack(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated', token);
      return run(stack, undefined, 'UPDATE_ROLLBACK_FAILED', () => continueRollback(context, stack, { token, skip }));
    },
    /** Runs something after the time that a resource takes; never after the emulator has closed. */
    later(run: () => void): void {
      const timer = pause(context).then(() => {
        timers.delete(timer);
        if (!context.signal.aborted) run();
      });
      timers.add(timer);
    },
    /** Stops all operations where they are, and waits until they have. */
    async close(): Promise<void> {
      closing.abort();
      await Promise.all([...timers, ...[...runs.values()].map(({ done }) => done)]);
    },
  };
}

function sameTags(before: readonly Tag[], after: readonly Tag[]): boolean {
  const text = (tags: readonly Tag[]) => JSON.stringify(tags.map(({ key, value }) => `${key}=${value}`).toSorted());
  return text(before) === text(after);
}

/** The engine of one request: its operations run with the permissions of the caller, unless the stack has a service role. */
export function engineOfCaller(engine: StackEngine, caller: Identity): StackEngine {
  const as = (stack: Stack): Stack => Object.assign(stack, { caller });
  return {
    ...engine,
    create: (stack, ...rest) => engine.create(as(stack), ...rest),
    update: (stack, ...rest) => engine.update(as(stack), ...rest),
    delete: (stack, ...rest) => engine.delete(as(stack), ...rest),
    rollBack: (stack, ...rest) => engine.rollBack(as(stack), ...rest),
  };
}
