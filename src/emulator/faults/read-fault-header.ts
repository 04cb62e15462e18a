import type { IncomingHttpHeaders } from 'node:http';
import type { Fault } from './fault.ts';
import { parseFaults } from './parse-fault.ts';

/** Header of a request to the front door: the faults of that one request, in place of the emulator's own. */
export const FAULT_HEADER = 'x-emulator-fault';

/**
 * The faults that a request asks for, separated by commas; undefined without the header.
 * @throws {InvalidFaultError} when one of them is none
 */
export function readFaultHeader(headers: IncomingHttpHeaders): readonly Fault[] | undefined {
  const value = headers[FAULT_HEADER];
  return value === undefined ? undefined : parseFaults(String(value));
}
