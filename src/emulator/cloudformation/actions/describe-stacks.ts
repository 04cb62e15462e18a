import type { Action } from './action.ts';
import { readText, readTexts } from './form-members.ts';
import { viewStack, viewStackSummary } from './stack-view.ts';

/** Without a name: all living stacks, newest first. Deleted ones are found by their ARN. */
export const describeStacks: Action = {
  members: ['StackName'],
  run(form, { store }) {
    const name = readText(form, 'StackName');
    const stacks = name
      ? [store.get(name)]
      : store
          .all()
          .filter(({ status }) => status !== 'DELETE_COMPLETE')
          .toReversed();
    return {
      Stacks: stacks.map((stack) =>
        viewStack(
          stack,
          store.visibleEvents(stack).findLast(({ logicalId }) => logicalId === stack.name),
        ),
      ),
    };
  },
};

/** Deleted stacks too, newest first. */
export const listStacks: Action = {
  members: ['StackStatusFilter'],
  run(form, { store }) {
    const filter = readTexts(form, 'StackStatusFilter') ?? [];
    const stacks = store
      .all()
      .filter(({ status }) => filter.length === 0 || filter.includes(status));
    return { StackSummaries: stacks.toReversed().map(viewStackSummary) };
  },
};
