import type { IncomingHttpHeaders } from 'node:http';
import { FAULT_HEADER } from './fault-kinds.ts';
import type { Fault } from './fault.ts';
import { parseFaults } from './parse-fault.ts';

/**
 * The faults that a request asks for, separated by commas; undefined without the header.
 * @throws {InvalidFaultError} when one of them is none
 */
export function readFaultHeader(headers: IncomingHttpHeaders): readonly Fault[] | undefined {
  const value = headers[FAULT_HEADER];
  return value === undefined ? undefined : parseFaults(String(value));
}
