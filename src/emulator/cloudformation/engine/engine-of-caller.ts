import type { Identity } from '../../iam/identity.ts';
import type { StackEngine } from './stack-engine.ts';
import type { Stack } from './stack.ts';

/** The engine for one request: what it begins is done as its caller, unless the stack has a service role. */
export function engineOfCaller(engine: StackEngine, caller: Identity | undefined): StackEngine {
  const as = (stack: Stack): Stack => Object.assign(stack, { caller });
  return {
    ...engine,
    create: (stack, ...rest) => engine.create(as(stack), ...rest),
    update: (stack, ...rest) => engine.update(as(stack), ...rest),
    delete: (stack, ...rest) => engine.delete(as(stack), ...rest),
    rollBack: (stack, ...rest) => engine.rollBack(as(stack), ...rest),
  };
}
