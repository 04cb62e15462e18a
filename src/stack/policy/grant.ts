import type { TemplateResource } from './resolve-template.ts';

/** One action on one resource. */
export interface Grant {
  /** Of the statements that it comes to stand among. */
  readonly sid: string;
  readonly action: string;
  /** ARN, with wildcards where only AWS will know the rest; `*` for an action that knows no resources. */
  readonly resource: string;
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The permissions of a resource: to create and change it, and to delete it, which a rollback and a replacement need as well. */
export interface ResourceGrants {
  readonly change: readonly Grant[];
  readonly remove: readonly Grant[];
}

export type GrantsOf = (resource: TemplateResource, place: PolicyPlace) => ResourceGrants;

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

/** Where the stack is, or will be. */
export interface PolicyPlace {
  readonly partition: string;
  readonly region: string;
  /** Twelve digits; `*` when it is not known. */
  readonly accountId: string;
  readonly stackName: string;
  /** The domain of the API; empty when it has none of its own. */
  readonly domainName: string;
  /** Whether the stack has tags, which CloudFormation passes on to what it makes. */
  readonly isTagged: boolean;
}

/** `arn:{partition}:{service}:{region}:{account}:{resource}` at the place. */
export function arnAt(
  { partition, region, accountId }: PolicyPlace,
  service: string,
  resource: string,
): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/** Of a service that has no Regions, such as IAM. */
export function globalArn(place: PolicyPlace, service: string, resource: string): string {
  return arnAt({ ...place, region: '' }, service, resource);
}

/** Of API Gateway's control plane, whose ARNs name no account. */
export function apiArn(place: PolicyPlace, path: string): string {
  return arnAt({ ...place, accountId: '' }, 'apigateway', path);
}

/** How much of a long stack name a name of 64 characters keeps, as users see it; AWS does not document it. */
const MAX_PREFIX = 24;

/**
 * What the names begin with that CloudFormation gives to the stack's resources: `{stack}-{logical id}-{random}` (user guide, "Name type"),
 * where a long name of the stack is cut off.
 */
export function namesOf({ stackName }: Pick<PolicyPlace, 'stackName'>): string {
  return stackName.length <= MAX_PREFIX ? `${stackName}-*` : `${stackName.slice(0, MAX_PREFIX)}*`;
}

/**
 * The same for types whose names users also see without the stack's: `{logical id}-{random}`. So is a web ACL called in the examples of
 * Security Hub (ASFF, "AwsWafv2WebAcl": `regional/webacl/WebACL-RoaD4QexqSxG`), and of dashboards it is told in issue 783 of the
 * CloudFormation coverage roadmap.
 */
export function bothNamesOf(place: PolicyPlace, logicalId: string): readonly string[] {
  return [namesOf(place), `${logicalId}-*`];
}

/** What a policy can be for. Apart from the rest, which a help text does not load. */
export const POLICY_PURPOSES = ['deploy', 'run', 'destroy'] as const;
export type PolicyPurpose = (typeof POLICY_PURPOSES)[number];
