/** IAM wildcards: `*` is any run of characters, `?` is one. */
export function matches(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

/**
 * ArnLike: each of the six parts between colons is compared by itself, with wildcards
 * (`reference_policies_elements_condition_operators.html`).
 */
export function matchesArn(pattern: string, value: string): boolean {
  const patterns = splitArn(pattern);
  const parts = splitArn(value);
  return (
    patterns.length === parts.length &&
    patterns.every((each, index) => matches(each, parts[index] ?? ''))
  );
}

function splitArn(text: string): readonly string[] {
  const parts = text.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
