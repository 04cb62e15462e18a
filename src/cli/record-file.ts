import { closeSync, openSync, writeSync } from 'node:fs';
import { OperationError } from './errors.ts';

/** A file that recordings are appended to. */
export interface RecordFile {
  write(line: string): void;
  close(): void;
}

/**
 * Opens `--record FILE`. Lines go out at once, so that an interrupted turn is there up to its last read.
 * @throws {OperationError} CANNOT_WRITE
 */
export function openRecordFile(path: string): RecordFile {
  try {
    const file = openSync(path, 'a', 0o600);
    return {
      write: (line) => void writeSync(file, line.endsWith('\n') ? line : `${line}\n`),
      close: () => closeSync(file),
    };
  } catch (error) {
    throw new OperationError(
      'CANNOT_WRITE',
      `could not write ${path}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
