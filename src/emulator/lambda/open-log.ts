import type { Credentials, Iam } from '../iam/service.ts';
import type { PutLogEvent } from '../logs/store.ts';
import { type LogGroups, putLogGroup } from '../logs/store.ts';
import { arn, type Place } from '../kernel/place.ts';
import type { FunctionDefinition } from './function-definition.ts';

/** Opens the log of a new execution environment: what it returns writes one message to a stream of the function's group. */
export type OpenLog = (
  definition: FunctionDefinition,
  credentials: Credentials,
) => (stream: string, message: string) => void;

/**
 * Lambda writes with the function's role: it makes a missing log group when the role may do so, and without the permission to write
 * the function runs and its logs go nowhere (`monitoring-cloudwatchlogs.html`).
 */
export function createOpenLog({
  place,
  iam,
  logGroups,
  putLogEvent,
}: {
  readonly place: Place;
  readonly iam: Iam;
  readonly logGroups: LogGroups;
  readonly putLogEvent: PutLogEvent;
}): OpenLog {
  return ({ logging: { logGroup } }, { accessKeyId }) => {
    const may = (action: string, resource: string): boolean => {
      try {
        iam.authorize(accessKeyId, action, [
          arn(place, 'logs', `log-group:${logGroup}:${resource}`),
        ]);
        return true;
      } catch {
        return false;
      }
    };
    if (!logGroups.has(logGroup) && may('logs:CreateLogGroup', '*')) {
      putLogGroup(logGroups, logGroup, undefined);
    }
    if (!may('logs:PutLogEvents', 'log-stream:*')) return () => undefined;
    return (stream, message) => putLogEvent(logGroup, stream, message);
  };
}
