import type { TemplateSections, TemplateValue } from './prepared-template.ts';

/** A resolved template value; undefined for `AWS::NoValue`. */
export type Resolved = string | number | boolean | null | undefined | readonly Resolved[] | { readonly [key: string]: Resolved };

/** A resource that the stack will have. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  /** Values that AWS generates are `*`. */
  readonly properties: Readonly<Record<string, Resolved>>;
}

/** A scalar as text, such as an ARN; other values are empty. */
export function textOf(value: Resolved): string {
  return typeof value === 'object' || value === undefined ? '' : String(value);
}

/** Decides what a template leaves open. */
export interface TemplateResolver {
  /** Whether a condition holds; undefined while it depends on a live parameter. */
  readonly holds: (condition: TemplateValue) => boolean | undefined;
  /** A value with all functions carried out. */
  readonly resolve: (value: TemplateValue) => Resolved;
}

/**
 * A resolver for these values.
 * @param given parameter values; an undefined one has the template's default
 * @param pseudo `AWS::Region` and the like
 * @param live parameters whose value may change while the template stays
 */
export function createResolver(
  template: TemplateSections,
  given: Readonly<Record<string, string | undefined>>,
  pseudo: Readonly<Record<string, string>> = {},
  live: ReadonlySet<Resolved> = new Set(),
): TemplateResolver {
  const parameter = (name: string): Resolved => {
    const definition = template.Parameters[name];
    if (!definition) return undefined;
    const text = given[name] ?? textOf(definition.Default ?? '');
    if (definition.Type !== 'CommaDelimitedList') return text;
    return text.split(',').map((item) => item.trim());
  };

  const ref = (name: string): Resolved => {
    if (name === 'AWS::NoValue') return undefined;
    return pseudo[name] ?? parameter(name) ?? '*';
  };

  const holds = (condition: TemplateValue | undefined): boolean | undefined => {
    if (typeof condition === 'string') return holds(template.Conditions[condition]);
    const [name = '', argument = null] = Object.entries(condition ?? {})[0] ?? [];
    const operands = argument as readonly TemplateValue[];
    switch (name) {
      case 'Condition':
        return holds(argument);
      case 'Fn::And':
        return allOf(operands.map(holds));
      case 'Fn::Or':
        return not(allOf(operands.map(holds).map(not)));
      case 'Fn::Not':
        return not(holds(operands[0]));
      case 'Fn::Equals':
        if (operands.some((operand) => live.has((operand as { readonly Ref?: string }).Ref))) return undefined;
        return textOf(resolve(operands[0])) === textOf(resolve(operands[1]));
      default:
        throw new Error(`unknown condition function in the template: ${name}`);
    }
  };

  const call = (name: string, argument: TemplateValue): Resolved => {
    if (name === 'Ref') return ref(textOf(argument));
    if (name === 'Fn::GetAtt') return '*';
    if (name === 'Fn::If') {
      const [condition, yes, no] = argument as readonly TemplateValue[];
      return resolve(holds(condition) ? yes : no);
    }
    if (name === 'Fn::Sub') return substitute(argument);
    const [first, second] = (argument as readonly TemplateValue[]).map(resolve);
    if (name === 'Fn::Join') return [second].flat().map(textOf).join(textOf(first));
    if (name === 'Fn::Split') return textOf(second).split(textOf(first));
    if (name === 'Fn::Select') return (second as readonly Resolved[])[Number(first)];
    throw new Error(`unknown function in the template: ${name}`);
  };

  const substitute = (argument: TemplateValue): string => {
    const [text, variables = {}] = [argument].flat() as [string, Record<string, TemplateValue>?];
    return text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
      const variable = variables[name];
      return textOf(variable === undefined ? ref(name) : resolve(variable));
    });
  };

  const resolve = (value: TemplateValue | undefined): Resolved => {
    if (Array.isArray(value)) return value.map((item: TemplateValue) => resolve(item)).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value as Readonly<Record<string, TemplateValue>>);
    const [only] = entries;
    if (only && entries.length === 1 && /^(Ref|Fn::\w+)$/.test(only[0])) return call(...only);
    const members = entries.map(([key, child]) => [key, resolve(child)] as const);
    return Object.fromEntries(members.filter(([, child]) => child !== undefined));
  };

  return { holds, resolve };
}

type Decision = boolean | undefined;

const not = (decision: Decision): Decision => (decision === undefined ? undefined : !decision);

function allOf(decisions: readonly Decision[]): Decision {
  if (decisions.includes(false)) return false;
  return decisions.includes(undefined) ? undefined : true;
}

/** The resources of a stack with these parameters: those whose conditions are true, with resolved properties. @param given as `createResolver` */
export function resolveTemplate(
  template: TemplateSections,
  given: Readonly<Record<string, string | undefined>>,
  pseudo: Readonly<Record<string, string>>,
): readonly TemplateResource[] {
  const { holds, resolve } = createResolver(template, given, pseudo);
  return Object.entries(template.Resources)
    .filter(([, { Condition }]) => Condition === undefined || holds(Condition))
    .map(([logicalId, { Type, Properties = {} }]) => ({
      logicalId,
      type: Type,
      properties: resolve(Properties) as TemplateResource['properties'],
    }));
}
