import type { Readable } from 'node:stream';

/**
 * Reads a stream to its end and hands each chunk over as it comes. While `write` says that it has enough, nothing is read: a slow
 * client slows the agent, and memory stays flat. By events, not `for await`: half the CPU a chunk.
 * @param drained resolves when more may be written
 * @returns when the stream has ended properly
 * @throws the error of the stream, or of `write` or `drained`; the stream is destroyed then
 */
export async function pump(
  source: Readable,
  write: (chunk: Buffer) => boolean,
  drained: () => Promise<void>,
): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      source.on('data', (chunk: Buffer) => {
        try {
          if (write(chunk)) return;
          source.pause();
          drained().then(() => source.resume(), reject);
        } catch (error) {
          reject(error);
        }
      });
      source.on('end', resolve);
      source.on('error', reject);
      source.on('close', () => reject(new Error('the stream was closed before its end')));
    });
  } catch (error) {
    source.destroy();
    throw error;
  }
}
