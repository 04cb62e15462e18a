import type { Json } from '../../kernel/resource-provider.ts';

/**
 * Whether two resolved values say the same. Scalars are compared as text, since a number from a parameter is text and one
 * from the template is not; the order of object members does not count.
 */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    const scalars = (typeof a !== 'object' || a === null) && (typeof b !== 'object' || b === null);
    return scalars && String(a) === String(b);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => sameValue(item, b[index]))
    );
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}
