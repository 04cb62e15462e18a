import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../../cli/files.ts';
import type { StackReport } from '../stack-report.ts';
import { stackLines } from './stack-lines.ts';
import type { Style } from '../../ui/style.ts';

/** The log file of one run: every line with its time, without colours. */
export interface StackLog {
  readonly path: string;
  report(report: StackReport): void;
  write(line: string): void;
}

/** Older logs are deleted. */
const MAX_LOGS = 20;

const plain = (text: string): string => text;
const PLAIN: Style = { bold: plain, dim: plain, italic: plain, red: plain, green: plain, yellow: plain, cyan: plain };

/**
 * Opens a log in the user's state folder, readable only by the owner.
 * @param name the run, for example `deploy-my-stack`
 * @returns undefined when the folder cannot be written; a deploy must not fail for that
 */
export function openStackLog(name: string, env: NodeJS.ProcessEnv): StackLog | undefined {
  const state = stateFolder(env);
  if (state === undefined) return undefined;
  const folder = join(state, 'logs');
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const path = join(folder, `${stamp}-${name}.log`);
  const append = (line: string): void => {
    appendFileSync(path, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
  };
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
    report(report) {
      if (report.type === 'check') write(`${report.status}: ${report.text}`);
      else for (const line of stackLines(report, PLAIN)) write(line);
    },
  };
}
