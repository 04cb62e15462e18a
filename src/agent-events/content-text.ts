import { isJsonObject } from './json-object.ts';

/**
 * The text of a message's content: a string, or the text blocks of a list (`{"text": "..."}` of Bedrock, `{"type": "text",
 * "text": "..."}` of Anthropic and LangChain). Reasoning, tool calls and results are none.
 * @returns the text; empty when there is none
 */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((block: unknown) => {
      if (typeof block === 'string') return block;
      if (!isJsonObject(block) || typeof block['text'] !== 'string') return '';
      const type = block['type'] ?? 'text';
      return type === 'text' || type === 'text_delta' || type === 'output_text'
        ? block['text']
        : '';
    })
    .join('');
}
