import { AwsError } from '../../../src/emulator/kernel/aws-error.ts';
import { resourceName } from '../../../src/emulator/kernel/properties.ts';
import { arn } from '../../../src/emulator/kernel/place.ts';
import { type Properties, type ResourceProvider } from '../../../src/emulator/kernel/resource-provider.ts';

/** A made-up resource type, `Test::Thing`, whose life can be watched, held up and broken. */
export interface Things {
  readonly provider: ResourceProvider;
  /** Properties of the things that exist, by physical id. */
  readonly existing: Map<string, Properties>;
  /** What was done, as `create A`, `update A`, `delete A`, in order. */
  readonly calls: string[];
  /** Calls that fail with the reason: `create A`, `update A`, `delete A`. */
  readonly failures: Map<string, string>;
  /** Holds a call up until the returned function is called; `reached` is told when it gets there. */
  hold(call: string): { readonly reached: Promise<void>; release(): void };
}

export function createThings(): Things {
  const existing = new Map<string, Properties>();
  const calls: string[] = [];
  const failures = new Map<string, string>();
  const gates = new Map<string, { reach: () => void; opened: Promise<void> }>();

  const enter = async (call: string) => {
    calls.push(call);
    const gate = gates.get(call);
    gate?.reach();
    await gate?.opened;
    const reason = failures.get(call);
    if (reason !== undefined) throw new AwsError('InvalidRequest', 400, reason);
  };

  return {
    existing,
    calls,
    failures,
    hold(call) {
      let reach = () => {};
      let release = () => {};
      const reached = new Promise<void>((resolve) => (reach = resolve));
      const opened = new Promise<void>((resolve) => (release = resolve));
      gates.set(call, { reach, opened });
      return { reached, release };
    },
    provider: {
      type: 'Test::Thing',
      createOnly: 'Name Of',
      mutable: 'Size Label Parts',
      required: 'Size',
      actions: { create: () => [], update: () => [], delete: () => [] },
      async put(step) {
        const { properties, context } = step;
        await enter(`${step.physicalId === undefined ? 'create' : 'update'} ${context.logicalId}`);
        const physicalId = resourceName(step, 'Name');
        existing.set(physicalId, properties);
        return { physicalId, attributes: { Arn: arn(context, 'test', physicalId), 'Deep.Size': properties['Size'] ?? 0 } };
      },
      async delete({ physicalId, context }) {
        await enter(`delete ${context.logicalId}`);
        existing.delete(physicalId);
      },
    },
  };
}
