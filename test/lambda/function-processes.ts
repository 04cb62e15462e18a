import { readdirSync, readFileSync } from 'node:fs';

/** What a test learns of the process that runs a function's handler. */
export interface FunctionProcess {
  readonly pid: number;
  /** Most memory that it has had so far. */
  readonly peakBytes: number;
}

/**
 * The processes that run a function's handler now, the one furthest from the emulator in each environment: what stands before it
 * only waits. On Linux.
 */
export function functionProcesses(functionName: string): readonly FunctionProcess[] {
  const marker = `AWS_LAMBDA_FUNCTION_NAME=${functionName}\0`;
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readProc(pid, 'environ').includes(marker));
  const parents = new Set(pids.map((pid) => Number(field(pid, 'PPid'))));
  return pids
    .filter((pid) => !parents.has(pid))
    .map((pid) => ({ pid, peakBytes: Number.parseInt(field(pid, 'VmHWM'), 10) * 1_024 }));
}

function field(pid: number, name: string): string {
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(readProc(pid, 'status'))?.[1] ?? '';
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    // It has ended, or is not ours.
    return '';
  }
}
