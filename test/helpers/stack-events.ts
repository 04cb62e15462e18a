import type { StackReport } from '../../src/stack/stack-report.ts';

let count = 0;

/** One event of a resource, or of the stack itself. */
export function stackEvent(
  logicalId: string,
  status: string,
  reason?: string,
  { isStack = false, at = new Date(0) }: { readonly isStack?: boolean; readonly at?: Date } = {},
): Extract<StackReport, { type: 'stack-event' }> {
  count += 1;
  const resourceType = 'AWS::Test::Thing';
  const event = { id: String(count), at, logicalId, resourceType, status, reason, isStack };
  return { type: 'stack-event', event };
}
