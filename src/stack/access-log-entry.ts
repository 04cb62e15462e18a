/** One request in the access log. What the format leaves out, or API Gateway had no value for, is undefined. */
export interface AccessLogEntry {
  readonly requestId?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  /** `STREAMED` or `BUFFERED`. */
  readonly transferMode?: string;
  /** From the call of the function to all of its headers, ms. */
  readonly headersMs?: number;
  /** To the first byte of content, ms. */
  readonly firstContentMs?: number;
  /** To the end of the stream, ms: how long the answer was, not a latency. */
  readonly endMs?: number;
  readonly bytes?: number;
  /** API Gateway's own, of a request that never reached the function. */
  readonly error?: string;
}

type TextMember = 'requestId' | 'method' | 'path' | 'transferMode' | 'error';
type NumberMember = Exclude<keyof AccessLogEntry, TextMember>;

/** Developer guide, "Troubleshoot issues with response streaming" and "Set up access logging"; the first that has a value counts. */
const TEXTS: Readonly<Record<TextMember, readonly string[]>> = {
  requestId: ['requestId', 'extendedRequestId'],
  method: ['httpMethod'],
  path: ['path', 'resourcePath'],
  transferMode: ['integration.responseTransferMode'],
  error: ['error.message'],
};
const NUMBERS: Readonly<Record<NumberMember, readonly string[]>> = {
  status: ['status'],
  headersMs: ['integration.timeToAllHeaders'],
  firstContentMs: ['integration.timeToFirstContent'],
  endMs: ['integrationLatency', 'integration.latency'],
  bytes: ['responseLength'],
};

/**
 * Makes a reader for the lines that a format gives, whatever it looks like: JSON, CLF, XML or CSV. It is the format turned round.
 * @param format of the stage, with its `$context` variables
 * @returns a function that gives undefined for a line of another format: of one that the stage had before
 */
export function createAccessLogReader(
  format: string,
): (line: string) => AccessLogEntry | undefined {
  const names: string[] = [];
  const pattern = format
    .trim()
    .split(/(\$context\.\w+(?:\.\w+)*)/)
    .map((part) => {
      if (!part.startsWith('$context.')) return part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
      names.push(part.slice('$context.'.length));
      return '(.*?)';
    })
    .join('');
  const line = new RegExp(`^${pattern}$`, 's');
  return (text) => {
    const found = line.exec(text.trim());
    if (!found || names.length === 0) return undefined;
    const values = new Map(names.map((name, index) => [name, found[index + 1] ?? '-']));
    return toEntry(values);
  };
}

function toEntry(values: ReadonlyMap<string, string>): AccessLogEntry {
  const valueOf = (names: readonly string[]): string | undefined =>
    names.map((name) => values.get(name)).find((value) => value !== undefined && value !== '-');
  const texts = Object.entries(TEXTS).map(([member, names]) => [member, valueOf(names)] as const);
  const numbers = Object.entries(NUMBERS).map(([member, names]) => {
    const number = Number(valueOf(names) ?? Number.NaN);
    return [member, Number.isFinite(number) ? number : undefined] as const;
  });
  return Object.fromEntries([...texts, ...numbers].filter(([, value]) => value !== undefined));
}
