import type { Tag } from '@aws-sdk/client-cloudformation';

/**
 * Tags of a change set: what the stack has, with the given ones put in; an empty value takes a tag away.
 * @param given undefined when the stack's are to be kept
 * @returns undefined to keep them: a change set without tags leaves them as they are
 */
export function mergeTags(
  given: Readonly<Record<string, string>> | undefined,
  current: Readonly<Record<string, string>> = {},
): Tag[] | undefined {
  if (given === undefined) return undefined;
  return Object.entries({ ...current, ...given })
    .filter(([, value]) => value !== '')
    .map(([Key, Value]) => ({ Key, Value }));
}
