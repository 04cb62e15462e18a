/** One message in a function's log. Times are ms. */
export type FunctionLogEntry =
  | { readonly type: 'start' | 'end'; readonly requestId: string }
  | {
      readonly type: 'report';
      readonly requestId: string;
      readonly durationMs: number | undefined;
      readonly billedMs: number | undefined;
      /** Of an invocation that waited for the start of its environment. */
      readonly initMs: number | undefined;
      readonly memoryMb: number | undefined;
      readonly usedMemoryMb: number | undefined;
    }
  | {
      readonly type: 'line';
      readonly text: string;
      readonly level: string | undefined;
      readonly requestId: string | undefined;
    };

const ID = '[0-9a-f-]{36}';
const PLATFORM = new RegExp(`^(START|END|REPORT) RequestId: (${ID})`);
/** A line of `console` in Lambda's text format: time, request id, level, text. */
const CONSOLE = new RegExp(`^\\S+Z\\t(${ID}|undefined)\\t([A-Z]+)\\t([^]*)$`);

/** Reads a message in Lambda's text format (Lambda guide, "Viewing CloudWatch logs"); JSON lines keep their level and request id. */
export function readFunctionLog(message: string): FunctionLogEntry {
  const [, kind, requestId = ''] = PLATFORM.exec(message) ?? [];
  if (kind === 'START') return { type: 'start', requestId };
  if (kind === 'END') return { type: 'end', requestId };
  if (kind === 'REPORT') {
    return {
      type: 'report',
      requestId,
      durationMs: figure(message, 'Duration'),
      billedMs: figure(message, 'Billed Duration'),
      initMs: figure(message, 'Init Duration'),
      memoryMb: figure(message, 'Memory Size'),
      usedMemoryMb: figure(message, 'Max Memory Used'),
    };
  }
  const [, ofLine, level, text] = CONSOLE.exec(message) ?? [];
  if (text !== undefined) {
    return { type: 'line', text, level: level?.toLowerCase(), requestId: ofLine };
  }
  const { level: ofJson, requestId: idOfJson } = readJson(message);
  const isTimeout = /Task timed out after|Runtime exited|Runtime\.\w+Error/.test(message);
  return {
    type: 'line',
    text: message,
    level: typeof ofJson === 'string' ? ofJson.toLowerCase() : isTimeout ? 'error' : undefined,
    requestId: typeof idOfJson === 'string' ? idOfJson : undefined,
  };
}

function figure(message: string, name: string): number | undefined {
  const text = new RegExp(`(?:^|\\t)${name}: ([\\d.]+) (?:ms|MB)`).exec(message)?.[1];
  return text === undefined ? undefined : Number(text);
}

function readJson(message: string): { readonly level?: unknown; readonly requestId?: unknown } {
  if (!message.startsWith('{')) return {};
  try {
    return JSON.parse(message) as Record<string, unknown>;
  } catch {
    return {};
  }
}
