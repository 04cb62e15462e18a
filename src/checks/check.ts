import type { Hint } from '../cli/hint.ts';

/** What the checks are about, in their order. */
export const CHECK_GROUPS = ['machine', 'account', 'stack', 'agent', 'endpoint'] as const;

export type CheckGroup = (typeof CHECK_GROUPS)[number];

/** What one check has come to. */
export interface Check {
  readonly group: CheckGroup;
  /** For programs: stable, for example `clock`. */
  readonly name: string;
  /** `note`: it was not checked, or is worth knowing. */
  readonly status: 'ok' | 'note' | 'warning' | 'failed';
  /** A sentence: lower case, without an ARN. */
  readonly text: string;
  /** What to do about it. */
  readonly fix?: Hint | undefined;
}

/** A check without its group, as those of one group give it. */
export type Finding = Omit<Check, 'group'>;
