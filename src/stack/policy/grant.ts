/** One action on one resource. */
export interface Grant {
  /** Of the statements that it comes to stand among. */
  readonly sid: string;
  readonly action: string;
  /** ARN, with wildcards where only AWS will know the rest; `*` for an action that knows no resources. */
  readonly resource: string;
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Several actions, each on every one of these resources. */
export function grants(
  sid: string,
  actions: string | readonly string[],
  ...resources: readonly string[]
): Grant[] {
  return [actions]
    .flat()
    .flatMap((action) => resources.map((resource) => ({ sid, action, resource })));
}
