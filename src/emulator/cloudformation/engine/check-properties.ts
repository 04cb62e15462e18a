import type { Properties, ResourceProvider } from '../../kernel/resource-provider.ts';
import { validationError } from '../validation-error.ts';

/**
 * Checks the properties of a resource against what its provider honours.
 * @throws {AwsError} ValidationError (400) in the words of CloudFormation's schema check, naming each property that is
 * unknown or missing
 */
export function checkProperties(
  logicalId: string,
  properties: Properties,
  provider: ResourceProvider,
): void {
  const faults = [
    ...Object.keys(properties)
      .filter((name) => !Object.hasOwn(provider.properties, name))
      .map((name) => `#: extraneous key [${name}] is not permitted`),
    ...provider.required
      .filter((name) => properties[name] === undefined)
      .map((name) => `#: required key [${name}] not found`),
  ];
  if (faults.length > 0) {
    throw validationError(
      `Properties validation failed for resource ${logicalId} with message:\n[${faults.join(', ')}]`,
    );
  }
}
