import type { Command } from 'commander';
import { addAddressFlags, type AddressFlags, addressParameters } from './address-flags.ts';
import { addAuthFlags, type AuthFlags, authParameters } from './auth-flags.ts';
import { addFunctionFlags, type FunctionFlags, functionParameters } from './function-flags.ts';
import { addGuardFlags, type GuardFlags, guardParameters } from './guard-flags.ts';
import { addLimitFlags, type LimitFlags, limitParameters } from './limit-flags.ts';
import { addWatchFlags, type WatchFlags, watchParameters } from './watch-flags.ts';

/** Settings of a stack, as `deploy`, `dev`, `template` and `iam-policy` take them. What is not given keeps the stack's value. */
export interface DeployFlags
  extends AuthFlags, AddressFlags, GuardFlags, LimitFlags, WatchFlags, FunctionFlags {}

/** Adds them in groups of the help; what is added after them belongs to a group of its own. */
export function addDeployFlags(command: Command): Command {
  for (const add of [
    addAuthFlags,
    addAddressFlags,
    addGuardFlags,
    addLimitFlags,
    addWatchFlags,
    addFunctionFlags,
  ]) {
    add(command);
  }
  return command.optionsGroup('Other options:');
}

/** Template parameters for the flags; undefined where a flag was not given. */
export function toParameters(
  flags: DeployFlags,
  agentRuntimeArn: string | undefined,
): Readonly<Record<string, string | undefined>> {
  return {
    AgentRuntimeArn: agentRuntimeArn,
    ...authParameters(flags),
    ...addressParameters(flags),
    ...guardParameters(flags),
    ...limitParameters(flags),
    ...watchParameters(flags),
    ...functionParameters(flags),
  };
}
