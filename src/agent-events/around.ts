import { hasAny, type Members } from './members.ts';
import { isOfMember } from './roles.ts';
import type { Meaning } from './vocabulary.ts';

/** The context of a value: what the objects around it say. */
export interface Around {
  readonly kind: 'piece' | 'delta' | 'whole' | 'done' | 'last' | 'fallback';
  readonly isReasoning: boolean;
  /** Labels and member names above the value: texts of one origin share them. */
  readonly source: string;
  /** The member that the value stands in. */
  readonly member: string;
  readonly id?: string | undefined;
  readonly depth: number;
}

/** The context one level down. */
export const below = (outer: Around, changes?: Partial<Around>): Around => ({ ...outer, ...changes, depth: outer.depth + 1 });

/** Flags of the last event of a stream. */
const LAST = new Set('done isfinal final finished islast last complete islastchunk completed isdone'.split(' '));

/** Kinds that an outer object has settled. */
const KEPT: ReadonlySet<Around['kind']> = new Set(['fallback', 'whole', 'last']);

/** The context within an object with these labels; undefined when nothing in it is part of the answer. */
export function within(outer: Around, meaning: Meaning, labels: readonly string[]): Around | undefined {
  if (meaning === 'tool' || meaning === 'ignored' || meaning === 'prompt') return undefined;
  const source = labels.length === 0 ? outer.source : `${outer.source}/${labels.join()}`;
  if (meaning === 'reasoning') return { ...outer, source, isReasoning: true };
  const isDelta = outer.kind === 'piece' && labels.some((label) => /delta|messagechunk$/i.test(label));
  const own = isDelta ? 'delta' : meaning;
  const keeps = own === 'piece' || own === 'failure' || KEPT.has(outer.kind);
  return { ...outer, source, kind: keeps ? outer.kind : own };
}

/** A whole message of LangChain. */
const AI_MESSAGES: ReadonlySet<unknown> = new Set(['ai', 'AIMessage']);

/** Adds an object's flags (`partial` of ADK, `append` of A2A, `done`) and its id. */
export function refined(outer: Around, members: Members): Around {
  const id = ['id', 'uuid', 'messageid'].map((name) => members.get(name)).find((value) => typeof value === 'string');
  const isMessage = outer.kind === 'whole' || ['type', 'class'].some((name) => AI_MESSAGES.has(members.get(name)));
  const next = { ...outer, ...(typeof id === 'string' && isMessage && { id }) };
  if (members.get('thought') === true) return { ...next, isReasoning: true };
  if (isOfMember(members)) return { ...next, kind: 'fallback' };
  if (members.get('partial') === true || members.get('append') === true) return { ...next, kind: 'delta' };
  const isWhole = members.get('partial') === false || (members.has('invocationid') && members.has('author'));
  const isMessageOfStrands = outer.member === 'message' && Array.isArray(members.get('content'));
  if ((isWhole || isMessageOfStrands) && outer.kind === 'piece') return { ...next, kind: 'whole' };
  const isLast = outer.kind === 'piece' && hasAny(members, LAST) && [...LAST].some((name) => members.get(name) === true);
  return isLast ? { ...next, kind: 'last' } : next;
}
