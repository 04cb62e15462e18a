import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { OperationError } from './errors.ts';

/**
 * Makes sure that a file can be written before long work begins: it would be lost otherwise. A file that is there stays as it is.
 * @throws {OperationError} CANNOT_WRITE
 */
export function checkOutputFile(path: string): void {
  attempt(path, () => closeSync(openSync(path, 'a')));
}

/** Writes a whole file. @throws {OperationError} CANNOT_WRITE */
export function writeOutputFile(path: string, text: string): void {
  attempt(path, () => writeFileSync(path, text));
}

/** A file that is written line by line (each with its line feed) and at once: what a broken run has written stays. */
export interface LineFile {
  write(line: string): void;
  close(): void;
}

/** Begins a file anew. @throws {OperationError} CANNOT_WRITE, also from `write` */
export function openLineFile(path: string): LineFile {
  const file = attempt(path, () => openSync(path, 'w'));
  return {
    write: (line) => void attempt(path, () => writeSync(file, line)),
    close: () => closeSync(file),
  };
}

function attempt<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new OperationError(
      'CANNOT_WRITE',
      `could not write ${path}: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}
