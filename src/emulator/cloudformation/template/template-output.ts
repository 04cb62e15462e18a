import type { Json } from '../../kernel/resource-provider.ts';
import { checkFunctions, optionalText, refuseMembers } from './template-value.ts';
import { validationError } from '../validation-error.ts';

/** A member of the `Outputs` section. */
export interface OutputDefinition {
  /** Not resolved. */
  readonly value: Json;
  readonly description: string | undefined;
  readonly condition: string | undefined;
}

/** @throws {AwsError} ValidationError (400) that names the output; exports are not supported */
export function readOutput(
  name: string,
  definition: { readonly [key: string]: Json },
): OutputDefinition {
  const path = `Outputs/${name}`;
  if (Object.hasOwn(definition, 'Export')) {
    throw validationError(
      `Template format error: the emulator does not support the Export of output ${name}`,
    );
  }
  refuseMembers(
    definition,
    ['Value', 'Description', 'Condition'],
    `Invalid template output property of ${name}`,
  );
  const value = definition['Value'];
  if (value === undefined) {
    throw validationError(
      `Template format error: [/${path}] Every Outputs member must contain a Value object`,
    );
  }
  checkFunctions(value);
  return {
    value,
    description: optionalText(definition, 'Description', path),
    condition: optionalText(definition, 'Condition', path),
  };
}
