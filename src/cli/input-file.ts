import { readFileSync } from 'node:fs';
import { UsageError } from './errors.ts';

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
