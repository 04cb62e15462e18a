/** The members of an IAM policy that the emulator evaluates. Unknown members are refused when the policy is read. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: '*' | { readonly Service?: string | readonly string[] };
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}

/**
 * Evaluates policies as IAM does: an explicit Deny wins, without an Allow the answer is no. A statement without Resource (a
 * trust policy) matches every resource. `service` is the principal, for statements that have one.
 */
export function isAllowed(
  policies: readonly PolicyDocument[],
  action: string,
  resource: string,
  service?: string,
): boolean {
  const matching = policies
    .flatMap((policy) => asList(policy.Statement))
    .filter(
      (statement) =>
        asList(statement.Action).some((pattern) =>
          matches(pattern.toLowerCase(), action.toLowerCase()),
        ) &&
        asList(statement.Resource ?? '*').some((pattern) => matches(pattern, resource)) &&
        matchesPrincipal(statement, service),
    );
  return (
    matching.some((statement) => statement.Effect === 'Allow') &&
    !matching.some((statement) => statement.Effect === 'Deny')
  );
}

function matchesPrincipal(statement: Statement, service: string | undefined): boolean {
  if (statement.Principal === undefined || statement.Principal === '*') return true;
  return service !== undefined && asList(statement.Principal.Service ?? []).includes(service);
}

/** IAM wildcards: `*` is any run of characters, `?` is one. */
export function matches(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
