import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { createPatience, type Patience } from './patience.ts';
import type { OnStackReport } from './stack-report.ts';
import { STACK_TIMING, type StackTiming } from './stack-timing.ts';

/** What every step of a deploy or a destroy works with. */
export interface StackContext {
  readonly client: CloudFormationClient;
  readonly patiently: Patience;
  readonly timing: StackTiming;
  readonly onEvent: OnStackReport;
  readonly signal: AbortSignal;
}

export function createStackContext(
  client: CloudFormationClient,
  input: {
    readonly onEvent: OnStackReport;
    readonly signal: AbortSignal;
    readonly timing?: Partial<StackTiming> | undefined;
  },
): StackContext {
  const { onEvent, signal } = input;
  const timing = { ...STACK_TIMING, ...input.timing };
  return {
    client,
    timing,
    onEvent,
    signal,
    patiently: createPatience({ timing, onEvent, signal }),
  };
}
