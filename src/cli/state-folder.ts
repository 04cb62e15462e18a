import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/**
 * The folder for what this program remembers between two runs: `agentstream` in XDG_STATE_HOME (XDG Base Directory Specification: empty
 * and relative ones count as unset), in LOCALAPPDATA on Windows, else in `~/.local/state`.
 * @returns undefined without a home: then nothing is remembered
 */
export function stateFolder(env: NodeJS.ProcessEnv): string | undefined {
  const { XDG_STATE_HOME, LOCALAPPDATA, HOME } = env;
  const base = [XDG_STATE_HOME, LOCALAPPDATA, HOME && join(HOME, '.local', 'state')].find(
    (path) => path !== undefined && isAbsolute(path),
  );
  return base === undefined ? undefined : join(base, 'agentstream');
}

/** A whole file of the state folder; undefined when there is none, or it cannot be read. */
export function readStateFile(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folder = stateFolder(env);
  try {
    return folder === undefined ? undefined : readFileSync(join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Writes a whole file of the state folder, readable by this user alone.
 * @returns its path; undefined without a state folder, or when it cannot be written, such as in a read-only home
 */
export function writeStateFile(name: string, text: string, env: NodeJS.ProcessEnv): string | undefined {
  const folder = stateFolder(env);
  if (folder === undefined) return undefined;
  const path = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // A file that exists would keep its mode.
    rmSync(path, { force: true });
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return path;
  } catch {
    return undefined;
  }
}
