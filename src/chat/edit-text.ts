import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationError } from '../cli/errors.ts';

const DEFAULT_EDITOR = process.platform === 'win32' ? 'notepad' : 'vi';

/**
 * Opens $VISUAL or $EDITOR on a text, on the terminal.
 * @returns what was written; undefined when it is empty
 * @throws {OperationError} EDITOR_FAILED when the editor cannot be started or fails
 */
export async function editText(text: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const editor = env['VISUAL'] || env['EDITOR'] || DEFAULT_EDITOR;
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
  const file = join(folder, 'prompt.md');
  try {
    writeFileSync(file, text, { mode: 0o600 });
    // A shell, since an editor may be set with arguments: "code --wait".
    const child = spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit', env });
    const [status] = (await once(child, 'close')) as [number | null];
    if (status !== 0) {
      throw new OperationError(
        'EDITOR_FAILED',
        `the editor ended with status ${status}: ${editor}`,
        {
          hint: 'set EDITOR to one that is installed',
        },
      );
    }
    return readFileSync(file, 'utf8').trim() || undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
