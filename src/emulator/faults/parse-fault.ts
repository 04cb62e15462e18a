import { AGENT_ERROR_STATUSES } from '../agentcore/errors.ts';
import { type Fault, FAULT_HEADER, FAULT_KINDS, type FaultAct } from './fault.ts';
import type { IncomingHttpHeaders } from 'node:http';

/** Users of the managed service report that some 16 KB are held (aws-lambda-nodejs-runtime-interface-client, issue 94). */
const DEFAULT_HELD_BYTES = 16_384;
/** The two of the prelude and one of the body. */
const DEFAULT_CRASH_WRITES = 3;

const TIME_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const SIZE_UNITS: Readonly<Record<string, number>> = { '': 1, kb: 1_000, mb: 1_000_000 };

/** The text of a fault is invalid. */
export class InvalidFaultError extends Error {
  constructor(text: string, problem: string) {
    super(`not a fault: ${text} (${problem}); kinds: ${FAULT_KINDS.map(([usage]) => usage).join(', ')}`);
    this.name = 'InvalidFaultError';
  }
}

/** Reads a fault: `KIND[:ARGUMENT...]`, then `@20%` for a share of the requests. @throws {InvalidFaultError} that lists the kinds */
export function parseFault(text: string): Fault {
  const [spec = '', share, ...rest] = text.trim().split('@');
  const reader = createReader(text, spec.split(':'));
  if (rest.length > 0) reader.refuse('one @ at most');
  const act = readAct(reader);
  reader.end();
  return share === undefined ? act : { ...act, share: readShare(share, reader) };
}

/** Several faults, separated by commas. */
export function parseFaults(text: string): readonly Fault[] {
  return text.split(',').map(parseFault);
}

function readAct(reader: Reader): FaultAct {
  switch (reader.kind) {
    case 'cut':
      return { kind: 'cut', events: reader.count() };
    case 'stall':
      return { kind: 'stall', ms: reader.time(), events: reader.count(1) };
    case 'slow-first':
      return { kind: 'slow-first', ms: reader.time() };
    case 'conflict': {
      const calls = reader.count(Infinity);
      return { kind: 'conflict', ...(calls !== Infinity && { calls }) };
    }
    case 'error':
      return { kind: 'error', status: readStatus(reader) };
    case 'huge':
      return { kind: 'huge', bytes: reader.size() };
    case 'crash':
      return { kind: 'crash', writes: reader.count(DEFAULT_CRASH_WRITES) };
    case 'held':
      return { kind: 'held', bytes: reader.size(DEFAULT_HELD_BYTES) };
    case 'throttle':
    case 'denied':
    case 'not-found':
    case 'empty':
    case 'malformed':
    case 'buffered':
      return { kind: reader.kind };
    default:
      return reader.refuse(reader.kind === '' ? 'no kind' : `no such kind: ${reader.kind}`);
  }
}

function readStatus(reader: Reader): number {
  const status = reader.count();
  if (AGENT_ERROR_STATUSES.includes(status)) return status;
  return reader.refuse(`AgentCore's errors have the statuses ${AGENT_ERROR_STATUSES.join(', ')}`);
}

function readShare(text: string, reader: Reader): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  const share = Number(percent) / 100;
  return share <= 1 ? share : reader.refuse('a share is written 0% to 100%');
}

interface Reader {
  readonly kind: string;
  /** The next argument; required when there is no default. */
  count(byDefault?: number): number;
  time(): number;
  size(byDefault?: number): number;
  end(): void;
  refuse(problem: string): never;
}

function createReader(text: string, [kind = '', ...given]: readonly string[]): Reader {
  const refuse = (problem: string): never => {
    throw new InvalidFaultError(text, problem);
  };
  const next = (
    what: string,
    pattern: RegExp,
    value: (match: RegExpExecArray) => number,
    byDefault?: number,
  ): number => {
    const argument = given.shift();
    if (argument === undefined) return byDefault ?? refuse(`${kind} takes ${what}`);
    const match = pattern.exec(argument);
    return match ? value(match) : refuse(`${argument} is not ${what}`);
  };
  return {
    kind,
    refuse,
    count: (byDefault) => next('a number', /^\d+$/, ([digits]) => Number(digits), byDefault),
    time: () =>
      next(
        'a time such as 500ms or 20s',
        /^(\d+(?:\.\d+)?)(ms|s|m|h)$/,
        ([, number, unit]) => Number(number) * (TIME_UNITS[unit ?? ''] ?? Number.NaN),
      ),
    size: (byDefault) =>
      next(
        'a size such as 65536, 64kB or 8MB',
        /^(\d+)(|kb|mb)$/i,
        ([, number, unit]) => Number(number) * (SIZE_UNITS[unit?.toLowerCase() ?? ''] ?? Number.NaN),
        byDefault,
      ),
    end() {
      if (given.length > 0) refuse(`${kind} takes no ${given.join(':')}`);
    },
  };
}

/** The faults that a request asks for, separated by commas; undefined without the header. @throws {InvalidFaultError} */
export function readFaultHeader(headers: IncomingHttpHeaders): readonly Fault[] | undefined {
  const value = headers[FAULT_HEADER];
  return value === undefined ? undefined : parseFaults(String(value));
}
