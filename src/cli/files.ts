import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { OperationError, UsageError } from './errors.ts';

/** A whole text file that the command line names. @throws {UsageError} CANNOT_READ */
export function readInputFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError('CANNOT_READ', `could not read ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * Checks that a file can be written, before the long work whose result goes there. A file that exists keeps its content.
 * @throws {OperationError} CANNOT_WRITE
 */
export function checkOutputFile(path: string): void {
  attempt(path, () => closeSync(openSync(path, 'a')));
}

/** Writes a whole file. @throws {OperationError} CANNOT_WRITE */
export function writeOutputFile(path: string, text: string): void {
  attempt(path, () => writeFileSync(path, text));
}

/** A file that is written line by line and at once: an interrupted run leaves what came before. */
export interface LineFile {
  /** @param line with or without its line feed; @throws {OperationError} CANNOT_WRITE */
  write(line: string): void;
  close(): void;
}

/** Opens a file for lines, without its earlier content. @throws {OperationError} CANNOT_WRITE */
export function openLineFile(path: string): LineFile {
  return lineFile(path, () => openSync(path, 'w'));
}

/** Opens the file of `--record`: it keeps its earlier recordings, and only its owner may read it. @throws {OperationError} CANNOT_WRITE */
export function openRecordFile(path: string): LineFile {
  return lineFile(path, () => openSync(path, 'a', 0o600));
}

function lineFile(path: string, open: () => number): LineFile {
  const file = attempt(path, open);
  return {
    write: (line) => void attempt(path, () => writeSync(file, line.endsWith('\n') ? line : `${line}\n`)),
    close: () => closeSync(file),
  };
}

function attempt<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new OperationError('CANNOT_WRITE', `could not write ${path}: ${(error as Error).message}`, { cause: error });
  }
}
