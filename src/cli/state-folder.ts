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
