/** A value of a template, with functions in their long form: `{"Fn::Sub": x}` for `!Sub x`. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

export interface TemplateParameter {
  readonly Type: string;
  readonly Description?: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly ConstraintDescription?: string;
}

/** `stack.yaml` as the build reads it, so that a deploy parses no YAML. */
export interface StackTemplate {
  /** The comment at its top, without `#`. */
  readonly comment: string;
  readonly sections: {
    readonly AWSTemplateFormatVersion: string;
    readonly Description: string;
    readonly Metadata: TemplateValue;
    readonly Parameters: Readonly<Record<string, TemplateParameter>>;
    readonly Conditions: Readonly<Record<string, TemplateValue>>;
    readonly Resources: Readonly<
      Record<
        string,
        {
          readonly Type: string;
          readonly Condition?: string;
          readonly DependsOn?: readonly string[];
          readonly Properties?: TemplateValue;
        }
      >
    >;
    readonly Outputs: Readonly<Record<string, { readonly Condition?: string; readonly Value: TemplateValue }>>;
  };
}

export type TemplateSections = StackTemplate['sections'];

/** Placeholders in `stack.yaml`. */
export const CODE = '{{HANDLER_CODE}}';
export const API_HASH = '{{API_HASH}}';
