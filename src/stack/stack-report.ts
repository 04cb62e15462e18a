import type { ResourceChange } from './resource-change.ts';
import type { StackEvent } from './stack-event.ts';
import type { ValidationFailure } from './validation-failure.ts';

/** What happens on the way of a deploy or a destroy. */
export type StackReport =
  /** What is being done now. */
  | { readonly type: 'step'; readonly text: string }
  /** What a person should know, beside the progress. */
  | { readonly type: 'note'; readonly text: string }
  /** What goes to AWS is built. */
  | {
      readonly type: 'built';
      readonly functionBytes: number;
      readonly templateBytes: number;
      /** Most that a template may have. */
      readonly maxTemplateBytes: number;
    }
  /** A check before the deploy. */
  | {
      readonly type: 'check';
      readonly status: 'ok' | 'note' | 'warning' | 'failed';
      readonly text: string;
    }
  | { readonly type: 'changes'; readonly changes: readonly ResourceChange[] }
  | { readonly type: 'validation-failure'; readonly failure: ValidationFailure }
  /** An operation runs in AWS from here on, whatever becomes of this process. */
  | { readonly type: 'begun'; readonly resources: number }
  | { readonly type: 'stack-event'; readonly event: StackEvent };

export type OnStackReport = (report: StackReport) => void;
