import { randomInt } from 'node:crypto';
import { read } from './properties.ts';
import type { ResourceContext, ResourceStep } from './resource-provider.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const LOWER_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** CloudFormation's generated name, `{stack}-{logical id}-{12 random characters}`, with the first two shortened to `maxLength`. */
export function generatePhysicalName(context: ResourceContext, maxLength = 64): string {
  const { stackName, logicalId, nameSuffix, namePrefix = `${stackName}-${logicalId}` } = context;
  return `${namePrefix.slice(0, maxLength - nameSuffix.length - 1)}-${nameSuffix}`;
}

/** The physical id of a resource, or the name in this property (such as `FunctionName`), or a generated one. */
export function resourceName(
  { physicalId, properties, context }: Pick<ResourceStep, 'physicalId' | 'properties' | 'context'>,
  property: string,
  maxLength?: number,
): string {
  return physicalId ?? read.string(properties, property) ?? generatePhysicalName(context, maxLength);
}

/** The random end of such a name. */
export function generateNameSuffix(): string {
  return randomText(ALPHABET, 12);
}

/** A ten-character lower-case id, as API Gateway has for APIs, resources, keys and plans. */
export function generateShortId(length = 10): string {
  return randomText(LOWER_ALPHABET, length);
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
