import { closeSync, fchmodSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import type { CommandContext } from './options.ts';
import { cannotWrite, fileProblem, UsageError } from './errors.ts';

/** A whole text file that the command line names. @throws {UsageError} CANNOT_READ */
export function readInputFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError('CANNOT_READ', `could not read ${path}: ${fileProblem(error as Error, true)}`, { cause: error });
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

/** Writes a whole file that only its owner may read, and never over another. @throws {OperationError} CANNOT_WRITE */
export function writeNewFile(path: string, text: string): void {
  attempt(path, () => writeFileSync(path, text, { flag: 'wx', mode: 0o600 }));
}

/** Writes a whole file that is not what the command is for: a failure is told at the end of the command. */
export function writeSideFile(path: string, text: string, { losses }: Pick<CommandContext, 'losses'>): boolean {
  try {
    writeFileSync(path, text);
    return true;
  } catch (error) {
    losses.push(cannotWrite(path, error as Error));
    return false;
  }
}

/** Opens a file for lines, without its earlier content. @throws {OperationError} CANNOT_WRITE */
export function openLineFile(path: string, context: Pick<CommandContext, 'losses'>) {
  return lineFile(path, () => openSync(path, 'w'), context);
}

/** Opens the file of `--record`: it keeps its earlier recordings, and only its owner may read it. @throws {OperationError} CANNOT_WRITE */
export function openRecordFile(path: string, context: Pick<CommandContext, 'losses'>) {
  const open = (): number => {
    const file = openSync(path, 'a', 0o600);
    // The mode of `open` is for a new file alone. A pipe or a device is not ours.
    if (fstatSync(file).isFile()) fchmodSync(file, 0o600);
    return file;
  };
  return lineFile(path, open, context);
}

/** A file that is written line by line and at once: an interrupted run leaves what came before. After a failure it drops lines. */
function lineFile(path: string, open: () => number, { losses }: Pick<CommandContext, 'losses'>) {
  const file = attempt(path, open);
  let failed = false;
  const tryTo = (work: () => void): void => {
    if (failed) return;
    try {
      work();
    } catch (error) {
      failed = true;
      losses.push(cannotWrite(path, error as Error));
    }
  };
  return {
    // Not `writeSync`, which may write a part.
    write: (line: string): void => tryTo(() => writeFileSync(file, Buffer.from(line.endsWith('\n') ? line : `${line}\n`))),
    close: (): void => tryTo(() => closeSync(file)),
  };
}

function attempt<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw cannotWrite(path, error as Error);
  }
}
