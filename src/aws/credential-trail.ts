/**
 * What the SDK's credential chain says while it looks for credentials. Its error says only that it found none: which profile is missing
 * and what a credential process printed stand here alone. One chain at a time, so the last one is the one that failed.
 */
const trail: string[] = [];

const CHAIN_BEGINS = /defaultProvider::fromEnv|skipping fromEnv provider/;

/** `logger` of an SDK client: keeps the trail, and prints nothing. */
export const CREDENTIAL_TRAIL = {
  debug(text: unknown): void {
    if (typeof text !== 'string') return;
    if (CHAIN_BEGINS.test(text)) trail.length = 0;
    trail.push(text);
  },
  trace: (): void => undefined,
  info: (): void => undefined,
  // Otherwise the SDK prints to the console that a profile and keys of the environment are both set.
  warn: (): void => undefined,
  error: (): void => undefined,
};

/** What the last chain of this process said, in order. */
export function credentialTrail(): readonly string[] {
  return trail;
}
