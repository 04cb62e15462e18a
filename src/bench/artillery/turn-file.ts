import { randomUUID } from 'node:crypto';
import { ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file of turns that is a whole report at any moment: what is known of the run stands behind the last turn and moves on with it, since
 * Artillery ends its threads without telling them.
 */
export interface TurnFile {
  readonly name: string;
  /** @param line of a turn, with its line feed @param facts the lines that stand behind it */
  write(line: string, facts: string): void;
  read(): Buffer;
}

/** Makes a file of a name that no other thread of any machine has, and its folder where there is none. @throws as `node:fs` does */
export function openTurnFile(folder: string): TurnFile {
  mkdirSync(folder, { recursive: true });
  const name = `turns-${randomUUID()}.ndjson`;
  const path = join(folder, name);
  const file = openSync(path, 'wx');
  let turnsBytes = 0;
  let fileBytes = 0;
  return {
    name,
    write(line, facts) {
      const written = writeSync(file, line + facts, turnsBytes);
      const endBytes = turnsBytes + written;
      if (endBytes < fileBytes) ftruncateSync(file, endBytes);
      fileBytes = endBytes;
      turnsBytes += Buffer.byteLength(line);
    },
    read: () => readFileSync(path),
  };
}
