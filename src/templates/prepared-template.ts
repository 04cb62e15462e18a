/** A value of a template, with functions in their long form: `{"Fn::Sub": x}` for `!Sub x`. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

/** The sections of a template that define a stack's resources. */
export interface TemplateSections {
  readonly Parameters: Readonly<Record<string, { readonly Type: string; readonly Default?: string | number }>>;
  readonly Conditions: Readonly<Record<string, TemplateValue>>;
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Condition?: string; readonly Properties?: TemplateValue }>
  >;
}

/** `stack.yaml`, ready to be rendered without a YAML parser. */
export interface PreparedTemplate {
  /** Compact YAML with placeholders: `CODE`, `API_HASH`, and `defaultPlaceholder` in each parameter. */
  readonly text: string;
  /** Default of each parameter that has one, as YAML. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly sections: TemplateSections;
}

/** Placeholders in `stack.yaml`. */
export const CODE = '{{HANDLER_CODE}}';
export const API_HASH = '{{API_HASH}}';

/** Placeholder of the line with a parameter's default, including its line break. */
export function defaultPlaceholder(parameter: string): string {
  return `{{DEFAULT ${parameter}}}`;
}
