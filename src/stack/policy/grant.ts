/** One action on one resource. */
export interface Grant {
  /** Name of the group of statements that it belongs to. */
  readonly sid: string;
  readonly action: string;
  /** ARN, with wildcards for generated parts; `*` for an action without resource-level permissions. */
  readonly resource: string;
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Every action on every resource. */
export function grants(sid: string, actions: string | readonly string[], ...resources: readonly string[]): Grant[] {
  return [actions].flat().flatMap((action) => resources.map((resource) => ({ sid, action, resource })));
}

/** Location of the stack. */
export interface PolicyPlace {
  readonly partition: string;
  readonly region: string;
  /** Twelve digits; `*` when it is not known. */
  readonly accountId: string;
  readonly stackName: string;
  /** Custom domain of the API; empty when there is none. */
  readonly domainName: string;
  /** Whether the stack has tags, which CloudFormation adds to its resources. */
  readonly isTagged: boolean;
}

/** `arn:{partition}:{service}:{region}:{account}:{resource}` at the place. */
export function arnAt({ partition, region, accountId }: PolicyPlace, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/** ARN of a service without Regions, such as IAM. */
export function globalArn(place: PolicyPlace, service: string, resource: string): string {
  return arnAt({ ...place, region: '' }, service, resource);
}

/** ARN of API Gateway's control plane, without an account. */
export function apiArn(place: PolicyPlace, path: string): string {
  return arnAt({ ...place, accountId: '' }, 'apigateway', path);
}

/** Characters of a long stack name that a generated name of 64 characters keeps, as users report; AWS does not document it. */
const MAX_PREFIX = 24;

/**
 * Pattern of the names that CloudFormation generates: `{stack}-{logical id}-{random}` (user guide, "Name type"), with a long stack name
 * cut off.
 */
export function namesOf({ stackName }: Pick<PolicyPlace, 'stackName'>): string {
  return stackName.length <= MAX_PREFIX ? `${stackName}-*` : `${stackName.slice(0, MAX_PREFIX)}*`;
}

/** Purposes of a policy. They stand here because the help text loads them without the rest. */
export const POLICY_PURPOSES = ['deploy', 'run', 'destroy'] as const;
export type PolicyPurpose = (typeof POLICY_PURPOSES)[number];
