import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../cli/state-folder.ts';

/** The key of the account's owner in one run of `dev`. */
export interface DevCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A key for one run of `dev`. Whoever has it can make the emulator run code as this user. */
export function makeDevCredentials(): DevCredentials {
  return {
    accessKeyId: `DEV${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
}

/**
 * Keeps the key of the `dev` at this URL where `--local` finds it, readable by this user alone. Without a state folder, or when it cannot
 * be written, only the environment of `--exec` and the banner have it.
 * @returns takes it away again
 */
export function keepDevCredentials(
  url: string,
  { accessKeyId, secretAccessKey }: DevCredentials,
  env: NodeJS.ProcessEnv,
): () => void {
  const folder = stateFolder(env);
  if (folder === undefined) return () => undefined;
  const file = join(folder, fileName(url));
  const forget = (): void => rmSync(file, { force: true });
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // A file that exists would keep its mode.
    forget();
    writeFileSync(file, `${JSON.stringify({ accessKeyId, secretAccessKey })}\n`, { flag: 'wx', mode: 0o600 });
    return forget;
  } catch {
    return () => undefined;
  }
}

/** The key of the `dev` that this user runs, or has run, at this URL. */
export function readDevCredentials(url: string, env: NodeJS.ProcessEnv): DevCredentials | undefined {
  const folder = stateFolder(env);
  try {
    const text = folder === undefined ? '' : readFileSync(join(folder, fileName(url)), 'utf8');
    const kept = JSON.parse(text) as Partial<DevCredentials> | null;
    const { accessKeyId, secretAccessKey } = kept ?? {};
    return typeof accessKeyId === 'string' && typeof secretAccessKey === 'string' ? { accessKeyId, secretAccessKey } : undefined;
  } catch {
    return undefined;
  }
}

function fileName(url: string): string {
  return `dev-${new URL(url).port}.json`;
}
