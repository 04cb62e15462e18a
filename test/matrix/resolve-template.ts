import { parse, type ScalarTag } from 'yaml';

type Json = unknown;
type Values = Readonly<Record<string, string>>;

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Readonly<Record<string, Json>>;
}

export interface ResolvedTemplate {
  /** Those whose condition holds, with `Fn::If` decided; what is known only to AWS stands as an intrinsic. */
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: readonly string[];
}

const REMOVED = Symbol('AWS::NoValue');

const SHORT_FORMS = 'Ref Condition If Equals Not And Or Sub Join Select Split GetAtt'.split(' ');

/** Short forms as CloudFormation reads them: `!Ref x` is `{ Ref: x }`. */
const TAGS = SHORT_FORMS.flatMap((name): ScalarTag[] => {
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const wrap = (value: { toJSON(): Json } | string) => ({ [key]: typeof value === 'string' ? value : value.toJSON() });
  const tag = `!${name}`;
  return [{ tag, resolve: wrap }, { tag, collection: 'seq', resolve: wrap } as unknown as ScalarTag];
});

interface Parameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
}

/** A template with functions in their long form. */
export function parseTemplate(text: string) {
  return parse(text, { customTags: TAGS, logLevel: 'silent' }) as {
    readonly Parameters: Record<string, Parameter>;
    readonly Conditions?: Record<string, Json>;
    readonly Resources: Record<string, Resource>;
    readonly Outputs: Record<string, { readonly Condition?: string }>;
  };
}

/**
 * A rendered template as it is for these parameters: the test's own reading of CloudFormation's rules, apart from the emulator's.
 * @param given parameters; the others have their defaults
 */
export function resolveTemplate(text: string, given: Values): ResolvedTemplate {
  const template = parseTemplate(text);
  const parameter = (name: string): string | string[] | undefined => {
    const definition = template.Parameters[name];
    if (!definition) return undefined;
    const value = `${given[name] ?? definition.Default ?? ''}`;
    return definition.Type === 'CommaDelimitedList' ? value.split(',') : value;
  };
  const known = (value: Json): Json => {
    const [key, argument] = only(value);
    if (key === 'Ref') return argument === 'AWS::NoValue' ? REMOVED : parameter(String(argument));
    if (key === 'Fn::If') {
      const [name, yes, no] = argument as [string, Json, Json];
      return known(holds({ Condition: name }) ? yes : no);
    }
    if (key === 'Fn::Join') {
      const [separator, list] = argument as [string, Json];
      return (known(list) as string[]).map((each) => known(each)).join(separator);
    }
    if (key === 'Fn::Split') {
      const [separator, joined] = argument as [string, Json];
      return String(known(joined)).split(separator);
    }
    if (key === 'Fn::Select') {
      const [index, list] = argument as [number, Json];
      return (known(list) as string[])[index];
    }
    return value;
  };
  const holds = (condition: Json): boolean => {
    const [key, argument] = only(condition);
    const list = argument as readonly Json[];
    if (key === 'Condition') return holds(template.Conditions?.[String(argument)]);
    if (key === 'Fn::Equals') return String(known(list[0])) === String(known(list[1]));
    if (key === 'Fn::Not') return !holds(list[0]);
    if (key === 'Fn::And') return list.every(holds);
    if (key === 'Fn::Or') return list.some(holds);
    throw new Error(`no condition: ${JSON.stringify(condition)}`);
  };
  const isMade = ({ Condition: name }: { readonly Condition?: string }): boolean =>
    name === undefined || holds({ Condition: name });
  const decide = (value: Json): Json => {
    const [key, argument] = only(value);
    if (key === 'Ref') return known(value) ?? value;
    if (key === 'Fn::If') {
      const [name, yes, no] = argument as [string, Json, Json];
      return decide(holds({ Condition: name }) ? yes : no);
    }
    if (Array.isArray(value)) return value.map(decide).filter((each) => each !== REMOVED);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, each]) => [name, decide(each)] as const);
    return Object.fromEntries(entries.filter(([, each]) => each !== REMOVED));
  };
  const resources = Object.entries(template.Resources).filter(([, resource]) => isMade(resource));
  return {
    resources: Object.fromEntries(
      resources.map(([name, resource]) => [name, decide({ ...resource, Condition: REMOVED }) as Resource]),
    ),
    outputs: Object.keys(template.Outputs).filter((name) => isMade(template.Outputs[name] ?? {})),
  };
}

function only(value: Json): readonly [string, Json] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['', value];
  const [first, ...others] = Object.entries(value);
  return first && others.length === 0 ? first : ['', value];
}
