/** Members that a Strands event begins with, when Python printed it (`repr`) since it holds what JSON cannot. */
const STRANDS_REPR =
  /^\{'(?:init_event_loop|start|start_event_loop|event|data|delta|reasoningText|reasoningRedactedContent|reasoning_signature|current_tool_use|callback|message|result|tool_stream_event)': .*\}$/s;
const DATA = /^\{'data': ('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"), 'delta': /s;
const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gs;
const CONTROL: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/**
 * The Python SDK of AgentCore turns an event that is not JSON into the text that Python prints for it
 * (`_safe_serialize_to_json_string`); so Strands' text events look, since they hold the agent itself. No person should see that.
 * @returns undefined when the text is an ordinary one; else the event's members that can be read
 */
export function readPythonRepr(text: string): { readonly data?: string } | undefined {
  if (!text.startsWith("{'") || !STRANDS_REPR.test(text)) return undefined;
  const literal = DATA.exec(text)?.[1];
  return literal === undefined ? {} : { data: unquote(literal) };
}

/** A Python string literal's text (Python language reference, "Escape sequences"). */
function unquote(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(ESCAPE, (_all, x?: string, u?: string, U?: string, one?: string) => {
      const code = x ?? u ?? U;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return CONTROL[one ?? ''] ?? one ?? '';
    });
}
