import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readStateFile, writeStateFile } from '../cli/state-folder.ts';

/** The key of the account's owner in one run of `dev`. */
export type DevCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

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
export function keepDevCredentials(url: string, { accessKeyId, secretAccessKey }: DevCredentials, env: NodeJS.ProcessEnv) {
  const text = `${JSON.stringify({ accessKeyId, secretAccessKey })}\n`;
  const file = writeStateFile(fileName(url), text, env);
  return () => {
    if (file !== undefined) rmSync(file, { force: true });
  };
}

/** The key of the `dev` that this user runs, or has run, at this URL. */
export function readDevCredentials(url: string, env: NodeJS.ProcessEnv): DevCredentials | undefined {
  try {
    const kept = JSON.parse(readStateFile(fileName(url), env) ?? '') as Partial<DevCredentials> | null;
    const { accessKeyId, secretAccessKey } = kept ?? {};
    return typeof accessKeyId === 'string' && typeof secretAccessKey === 'string' ? { accessKeyId, secretAccessKey } : undefined;
  } catch {
    return undefined;
  }
}

function fileName(url: string): string {
  return `dev-${new URL(url).port}.json`;
}
