/** A piece of text as one server-sent event, JSON-quoted as `BedrockAgentCoreApp` of the Python SDK sends it. */
export function sseText(text: string): Buffer {
  return Buffer.from(`data: ${JSON.stringify(text)}\n\n`);
}
