import { type FlushMode, MAX_FLUSH_PADDING_BYTES } from '../src/protocol.ts';

/**
 * Reads a flush mode as the template's parameter (text) or a probe's body (text or number) has it.
 * @returns undefined for what is none, and for nothing
 */
export function readFlushMode(value: unknown): FlushMode | undefined {
  if (value === 'auto' || value === 'off') return value;
  const bytes = typeof value === 'string' ? Number(value) : value;
  const fits = Number.isInteger(bytes) && Number(bytes) >= 1;
  return fits && Number(bytes) <= MAX_FLUSH_PADDING_BYTES ? Number(bytes) : undefined;
}
