import { isJsonObject, type JsonObject } from './json-value.ts';

/**
 * `stream_async` of Strands Agents for Python yields each text of the model several times: in the raw event (`event`), in a digest of it
 * (`data`, `reasoningText`) and in the whole message. Those of the first two sources differ in nothing else: one of them has to be read.
 * @returns what the object says of the text, and which source it is; undefined when it is none of the two
 */
export function strandsPart(value: JsonObject): { readonly source: 'event' | 'data'; readonly value: JsonObject } | undefined {
  const { event, data, reasoningText } = value;
  if (isJsonObject(event)) {
    // An event of one agent of several has the agent's own event inside; the first releases marked it by a member, later ones by `type`.
    if (value['multi_agent_node_stream'] === true || value['type'] === 'multiagent_node_stream')
      return strandsPart(event) ?? { source: 'event', value: event };
    return typeof value['type'] === 'string' ? undefined : { source: 'event', value: event };
  }
  if (typeof data === 'string' && 'delta' in value) return { source: 'data', value: { delta: data } };
  if (typeof reasoningText === 'string') return { source: 'data', value: { reasoningText } };
  // A remark of the first releases for whom the next agent is.
  return 'multi_agent_handoff' in value ? { source: 'data', value: {} } : undefined;
}
