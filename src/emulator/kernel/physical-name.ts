import { randomInt } from 'node:crypto';
import type { ResourceContext } from './resource-provider.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const LOWER_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * The name that CloudFormation makes for a resource without one: `{stack}-{logical id}-{12 random characters}`, the first
 * two shortened so that the whole fits `maxLength`.
 */
export function generatePhysicalName(context: ResourceContext, maxLength = 64): string {
  const suffix = context.nameSuffix ?? generateNameSuffix();
  const prefix = context.namePrefix ?? `${context.stackName}-${context.logicalId}`;
  return `${prefix.slice(0, maxLength - suffix.length - 1)}-${suffix}`;
}

/** The random end of such a name. */
export function generateNameSuffix(): string {
  return randomText(ALPHABET, 12);
}

/** A ten-character lower-case id, as API Gateway gives to APIs, resources, keys and plans. */
export function generateShortId(length = 10): string {
  return randomText(LOWER_ALPHABET, length);
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
