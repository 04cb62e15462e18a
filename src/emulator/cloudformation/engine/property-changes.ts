import type { Json, Properties } from '../../kernel/resource-provider.ts';
import { KNOWN_AFTER_APPLY } from '../template/intrinsics.ts';
import type { ParameterValue } from '../template/parameters.ts';
import { findReferences } from '../template/references.ts';
import { sameValue } from '../template/template-value.ts';

/** One reason for the change of one property (API reference, ResourceChangeDetail). */
export interface PropertyChange {
  readonly name: string;
  readonly requiresRecreation: 'Never' | 'Always';
  /** Static when the new value is known before execution. */
  readonly evaluation: 'Static' | 'Dynamic';
  readonly changeSource: 'DirectModification' | 'ParameterReference' | 'ResourceReference' | 'ResourceAttribute';
  readonly causingEntity: string | undefined;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

const DIRECT = { changeSource: 'DirectModification', causingEntity: undefined } as const;

interface Version {
  /** Not resolved. */
  readonly template: Properties;
  readonly resolved: Properties;
}

type Parameters = ReadonlyMap<string, ParameterValue>;

/**
 * The properties whose resolved values differ, each with its cause: a parameter, another resource that is created or replaced, or the
 * template itself. When only a parameter has changed, AWS lists the property twice: Static for the parameter and Dynamic for the template
 * (user guide, "Example change sets").
 */
export function changedProperties(
  previous: Version,
  next: Version,
  parameters: { readonly previous: Parameters; readonly next: Parameters },
  effects: ReadonlyMap<string, 'mutable' | 'create-only'>,
): readonly PropertyChange[] {
  const names = new Set([...Object.keys(previous.resolved), ...Object.keys(next.resolved)]);
  return [...names].flatMap((name): PropertyChange[] => {
    const before = previous.resolved[name];
    const after = next.resolved[name];
    if (sameValue(before, after)) return [];
    const requiresRecreation = effects.get(name) === 'create-only' ? 'Always' : 'Never';
    const change = { name, requiresRecreation, before, after } as const;
    const references = findReferences(next.template[name] ?? '');
    const isTextSame = sameValue(previous.template[name], next.template[name]);

    const changed = references.find(
      (reference) => isTextSame && parameters.next.get(reference.name)?.text !== parameters.previous.get(reference.name)?.text,
    );
    if (changed) {
      return [
        { ...change, evaluation: 'Static', changeSource: 'ParameterReference', causingEntity: changed.name },
        { ...change, ...DIRECT, evaluation: 'Dynamic' },
      ];
    }
    if (!JSON.stringify(after ?? '').includes(KNOWN_AFTER_APPLY)) return [{ ...change, ...DIRECT, evaluation: 'Static' }];

    const cause = references.find((reference) => !parameters.next.has(reference.name));
    const attribute = cause?.attribute;
    return [
      {
        ...change,
        evaluation: 'Dynamic',
        changeSource: attribute === undefined ? 'ResourceReference' : 'ResourceAttribute',
        causingEntity: cause && [cause.name, attribute].filter(Boolean).join('.'),
      },
    ];
  });
}
