import type { IncomingHttpHeaders } from 'node:http';
import { AGENT_ERROR_STATUSES } from '../agentcore/errors.ts';
import { argumentsOf, type Fault, FAULT_HEADER, FAULT_KINDS } from './fault.ts';

/** How an argument is written: a number, and a unit that it is multiplied with. */
const FORMS = {
  count: { what: 'a number', pattern: /^(\d+)()$/, units: { '': 1 } },
  time: {
    what: 'a time such as 500ms or 20s',
    pattern: /^(\d+(?:\.\d+)?)(ms|s|m|h)$/,
    units: { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 },
  },
  size: { what: 'a size such as 65536, 64kB or 8MB', pattern: /^(\d+)(|kb|mb)$/i, units: { '': 1, kb: 1_000, mb: 1_000_000 } },
} as const;

/** The text of a fault is invalid. */
export class InvalidFaultError extends Error {
  constructor(text: string, problem: string) {
    super(`not a fault: ${text} (${problem}); kinds: ${FAULT_KINDS.map(([usage]) => usage).join(', ')}`);
    this.name = 'InvalidFaultError';
  }
}

/** Reads a fault: `KIND[:ARGUMENT...]`, then `@20%` for a share of the requests. @throws {InvalidFaultError} that lists the kinds */
export function parseFault(text: string): Fault {
  const refuse = (problem: string): never => {
    throw new InvalidFaultError(text, problem);
  };
  const [spec = '', share, ...rest] = text.trim().split('@');
  const [kind = '', ...given] = spec.split(':');
  if (rest.length > 0) refuse('one @ at most');
  const members = argumentsOf(kind) ?? refuse(kind === '' ? 'no kind' : `no such kind: ${kind}`);
  const values = members.flatMap(([member, form, byDefault]): [string, number][] => {
    const argument = given.shift();
    const { what, pattern, units } = FORMS[form];
    if (argument === undefined) {
      if (byDefault === undefined) refuse(`${kind} takes ${what}`);
      return typeof byDefault === 'number' ? [[member, byDefault]] : [];
    }
    const [, number, unit = ''] = pattern.exec(argument) ?? refuse(`${argument} is not ${what}`);
    return [[member, Number(number) * ((units as Readonly<Record<string, number>>)[unit.toLowerCase()] ?? Number.NaN)]];
  });
  const fault = { kind, ...Object.fromEntries(values) } as Fault;
  if (fault.kind === 'error' && !AGENT_ERROR_STATUSES.includes(fault.status))
    refuse(`AgentCore's errors have the statuses ${AGENT_ERROR_STATUSES.join(', ')}`);
  if (given.length > 0) refuse(`${kind} takes no ${given.join(':')}`);
  if (share === undefined) return fault;
  const part = Number(/^(\d+(?:\.\d+)?)%$/.exec(share)?.[1]) / 100;
  return { ...fault, share: part <= 1 ? part : refuse('a share is written 0% to 100%') };
}

/** Several faults, separated by commas. */
export function parseFaults(text: string): readonly Fault[] {
  return text.split(',').map(parseFault);
}

/** The faults that a request asks for, separated by commas; undefined without the header. @throws {InvalidFaultError} */
export function readFaultHeader(headers: IncomingHttpHeaders): readonly Fault[] | undefined {
  const value = headers[FAULT_HEADER];
  return value === undefined ? undefined : parseFaults(String(value));
}
