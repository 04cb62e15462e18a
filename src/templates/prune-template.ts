import type { TemplateParameter, TemplateSections, TemplateValue } from './prepared-template.ts';
import { createResolver, type Resolved, textOf } from './resolve-template.ts';

type Members = Readonly<Record<string, TemplateValue>>;

/** `key rotate` changes these and keeps the template, so what depends on them is not decided here. */
const LIVE: ReadonlySet<Resolved> = new Set(['ApiKeySlot', 'KeepsOtherApiKey']);

const NO_VALUE = { Ref: 'AWS::NoValue' };

/**
 * The template for these values: without what is off, and without parameters that nothing refers to and that have their default. A
 * parameter that has decided something takes its value alone, since another one needs another template.
 * @param values parameter values; an undefined one has the template's default
 */
export function pruneTemplate(
  template: TemplateSections,
  values: Readonly<Record<string, string | undefined>>,
): TemplateSections {
  const { holds, resolve } = createResolver(template, values, {}, LIVE);
  const isOpen = (name: TemplateValue): boolean => holds(name) === undefined;

  /** Without what is off; undefined when nothing is left. */
  const decide = (value: TemplateValue): TemplateValue | undefined => {
    if (Array.isArray(value)) return value.map(decide).filter((item) => item !== undefined);
    if (!isMembers(value)) return value;
    if (value['Ref'] === NO_VALUE.Ref) return undefined;
    const [name = '', yes = null, no = null] = (value['Fn::If'] ?? []) as readonly TemplateValue[];
    if (name !== '' && isOpen(name)) return { 'Fn::If': [name, decide(yes) ?? NO_VALUE, decide(no) ?? NO_VALUE] };
    if (name !== '') return decide(holds(name) === true ? yes : no);
    const members = Object.entries(value).map(([key, member]) => [key, decide(member)] as const);
    return Object.fromEntries(members.filter((member): member is [string, TemplateValue] => member[1] !== undefined));
  };

  /** Resources or outputs that are there, or may be. */
  const present = <Part extends { readonly Condition?: string }>(parts: Readonly<Record<string, Part>>) =>
    Object.fromEntries(
      Object.entries(parts).flatMap(([name, { Condition: condition, ...part }]) => {
        if (condition !== undefined && holds(condition) === false) return [];
        const stays = condition !== undefined && isOpen(condition) ? { Condition: condition } : {};
        return [[name, { ...(decide(part as TemplateValue) as object), ...stays } as Part]];
      }),
    );

  /** An open condition without the operands that are decided: they change nothing. */
  const simplify = (condition: TemplateValue): TemplateValue => {
    const [[name, argument] = ['', null]] = Object.entries(condition as Members);
    if (name === 'Condition') return simplify(template.Conditions[argument as string] ?? null);
    if (name === 'Fn::Equals') return condition;
    const open = (argument as readonly TemplateValue[]).filter(isOpen).map(simplify);
    return open.length === 1 && name !== 'Fn::Not' ? (open[0] ?? null) : { [name]: open };
  };

  const conditions = Object.entries(template.Conditions);
  const Resources = present(template.Resources);
  const Outputs = present(template.Outputs);
  const asked = conditionsIn([Resources, Outputs]);
  const Conditions = Object.fromEntries(
    conditions.flatMap(([name, condition]) => (isOpen(name) && asked.has(name) ? [[name, simplify(condition)]] : [])),
  );
  const used = namesIn([Conditions, Resources, Outputs]);
  const deciding = namesIn(conditions.flatMap(([name, condition]) => (isOpen(name) ? [] : [condition])));
  const Parameters = Object.fromEntries(
    Object.entries(template.Parameters).flatMap(([name, definition]): [string, TemplateParameter][] => {
      const usual = String(definition.Default ?? '');
      const value = values[name] ?? usual;
      if (!used.has(name) && value === usual) return [];
      if (!deciding.has(name) || LIVE.has(name)) return [[name, definition]];
      return [[name, onlyWith(definition, value, [resolve({ Ref: name })].flat().map(textOf))]];
    }),
  );
  return { ...template, Parameters, Conditions, Resources, Outputs };
}

/** A value as its parameter's type has it: linters compare a default with the allowed values by type. */
export function typedValue({ Type }: TemplateParameter, value: string): string | number {
  return Type === 'Number' ? Number(value) : value;
}

/** A parameter with no value but this one. @param members of a list, else the value alone */
function onlyWith(definition: TemplateParameter, value: string, members: readonly string[]): TemplateParameter {
  const { Type, Description } = definition;
  return {
    Type,
    ...(Description !== undefined && { Description }),
    Default: typedValue(definition, value),
    AllowedValues: members.map((member) => typedValue(definition, member)),
    ConstraintDescription: 'must stay as it is: another value needs a newly rendered template',
  };
}

/** Names in `Ref` and `${}`. */
function namesIn(value: TemplateValue): Set<string> {
  const names = [...valuesIn(value)].flatMap((each) => {
    if (typeof each === 'string') return [...each.matchAll(/\$\{([A-Za-z]+)\}/g)].map(([, name = '']) => name);
    return isMembers(each) && typeof each['Ref'] === 'string' ? [each['Ref']] : [];
  });
  return new Set(names);
}

/** Names of the conditions of resources, outputs and `Fn::If`. */
function conditionsIn(value: TemplateValue): Set<TemplateValue | undefined> {
  const members = [...valuesIn(value)].filter(isMembers);
  return new Set(members.flatMap((each) => [each['Condition'], (each['Fn::If'] as readonly TemplateValue[] | undefined)?.[0]]));
}

/** A value and all that are in it. */
function* valuesIn(value: TemplateValue): Generator<TemplateValue> {
  yield value;
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* valuesIn(inner);
}

function isMembers(value: TemplateValue): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
