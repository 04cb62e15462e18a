import { INVOKE_PATH } from '../protocol.ts';

/** Where a stop goes to by DELETE: below the stage, with its query. @param qualifier AgentCore endpoint name; absent: the function's own */
export function stopPath(qualifier?: string): string {
  return qualifier === undefined
    ? INVOKE_PATH
    : `${INVOKE_PATH}?qualifier=${encodeURIComponent(qualifier)}`;
}
