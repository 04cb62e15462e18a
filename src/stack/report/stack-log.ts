import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../../cli/state-folder.ts';
import type { StackReport } from '../stack-report.ts';
import { stackLines } from './stack-lines.ts';
import { PLAIN_STYLE } from '../../ui/terminal.ts';

/** The log file of one run: every line with its time, without colours. */
export type StackLog = NonNullable<ReturnType<typeof openStackLog>>;

/** Older logs are deleted. */
const MAX_LOGS = 20;

/**
 * Opens a log in the user's state folder, readable only by the owner.
 * @param name the run, for example `deploy-my-stack`
 * @returns undefined when the folder cannot be written; a deploy must not fail for that
 */
export function openStackLog(name: string, env: NodeJS.ProcessEnv) {
  const state = stateFolder(env);
  if (state === undefined) return undefined;
  const folder = join(state, 'logs');
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const path = join(folder, `${stamp}-${name}.log`);
  const append = (line: string): void => appendFileSync(path, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
  const write = (line: string): void => {
    try {
      append(line);
    } catch {
      // A full disk must not fail a deploy.
    }
  };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // The names begin with the time.
    const old = readdirSync(folder).sort().slice(0, -MAX_LOGS);
    for (const file of old) rmSync(join(folder, file), { force: true });
    append(name);
  } catch {
    return undefined;
  }
  return {
    path,
    write,
    report(report: StackReport): void {
      if (report.type === 'check') write(`${report.status}: ${report.text}`);
      else for (const line of stackLines(report, PLAIN_STYLE)) write(line);
    },
  };
}
