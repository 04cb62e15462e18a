import type { Place } from '../../kernel/place.ts';
import { NO_VALUE, type Resolved } from './intrinsics.ts';

/** Pseudo parameters (user guide, "Get AWS values using pseudo parameters"). */
export const PSEUDO_PARAMETERS = [
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
] as const;

export function pseudoParameters(
  stack: { readonly id: string; readonly name: string },
  place: Place,
  notificationArns: readonly string[],
): ReadonlyMap<string, Resolved> {
  const values: Record<(typeof PSEUDO_PARAMETERS)[number], Resolved> = {
    'AWS::AccountId': place.accountId,
    'AWS::NoValue': NO_VALUE,
    'AWS::NotificationARNs': [...notificationArns],
    'AWS::Partition': place.partition,
    'AWS::Region': place.region,
    'AWS::StackId': stack.id,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': place.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  };
  return new Map(Object.entries(values));
}
