import { isJsonObject } from './json-value.ts';
import { hasAny, labelsOf, type Members, membersOf, withType } from './members.ts';
import { meaningOf, senseOf } from './vocabulary.ts';

/** Members that say who speaks. */
const WHO: ReadonlySet<string> = new Set(['role', 'author', 'sender', 'source', 'from', 'speaker', 'sendertype']);

/** The speaker of an object when it is not the agent: the user or the system (`prompt`), or a tool. */
export function speakerOf(members: Members): 'prompt' | 'tool' | undefined {
  if (!hasAny(members, WHO)) return undefined;
  for (const name of WHO) {
    const role = members.get(name);
    const word = isJsonObject(role) ? (role['Label'] ?? role['label'] ?? role['value'] ?? role['role']) : role;
    if (typeof word !== 'string' || word.length > MAX_ROLE) continue;
    const { meaning } = senseOf(word);
    if (meaning === 'prompt' || (meaning === 'tool' && name === 'role')) return meaning;
  }
  return undefined;
}

const MAX_ROLE = 40;
const CONTENTS = new Set(['content', 'parts', 'text', 'data']);
const MESSAGE_LABEL = /^(?:ai|human|tool|system|function|\w*message(?:chunk)?)$/i;

/** Whether a value is a message of a conversation. */
export function isMessage(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const members = membersOf(withType(value));
  if (members.has('role')) return true;
  return hasAny(members, CONTENTS) && !members.has('event') && labelsOf(members).some((label) => MESSAGE_LABEL.test(label));
}

/** A message of the user with words in it: results of tools come in the user's name as well. */
export function isQuestion(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const members = membersOf(withType(value));
  const isUser = speakerOf(members) === 'prompt' || meaningOf(labelsOf(members)) === 'prompt';
  const content = members.get('content') ?? members.get('parts') ?? members.get('text');
  if (!isUser || members.get('role') === 'system' || members.get('type') === 'system') return false;
  return (
    !Array.isArray(content) || content.some((block) => typeof block === 'string' || (isJsonObject(block) && 'text' in block))
  );
}

const TOOL_DATA = new Set(['toolkwargs', 'toolargs', 'toolinput', 'tooloutput']);

/** A call of a tool that no label names (LlamaIndex, `ToolCall.model_dump()`), or a step of smolagents, which calls some. */
export function isToolUse(members: Members): boolean {
  return isStep(members) || (typeof members.get('toolname') === 'string' && hasAny(members, TOOL_DATA));
}

/** A member of agno's team speaks, whom the leader has asked. LangChain's callbacks tell the parent of each run as well. */
export function isOfMember(members: Members): boolean {
  return typeof members.get('parentrunid') === 'string' && members.has('agentid');
}

/** `ActionStep.dict()` of smolagents: after an error the agent tries again. */
export function isStep(members: Members): boolean {
  return members.has('stepnumber') && members.has('observations');
}
