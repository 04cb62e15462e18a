import type { StreamPart } from '../stream/stream-part.ts';

/** Reads a short answer to its end. @throws what the iteration throws */
export async function readAnswer(
  parts: AsyncIterable<StreamPart>,
): Promise<{ readonly status: number; readonly body: string }> {
  let status = 0;
  const chunks: Uint8Array[] = [];
  for await (const part of parts) {
    if (part.type === 'headers') status = part.status;
    else if (part.type === 'chunk') chunks.push(part.bytes);
  }
  return { status, body: Buffer.concat(chunks).toString('utf8') };
}
