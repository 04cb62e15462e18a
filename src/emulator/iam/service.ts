import { randomBytes } from 'node:crypto';
import type { ConditionContext } from './conditions.ts';
import {
  type AccessRequest,
  accessDeniedException,
  decide,
  type Decision,
  type Identity,
  type PolicyDocument,
  type Principal,
} from './policy.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { EmitEvent } from '../kernel/emulator-event.ts';
import { arn, type Place } from '../kernel/place.ts';

/** Temporary credentials of a role, such as an execution environment gets. */
export type Credentials = ReturnType<Iam['assumeRole']>;

interface Role {
  readonly name: string;
  readonly arn: string;
  readonly trustPolicy: PolicyDocument;
  /** Inline policies by name. */
  readonly policies: ReadonlyMap<string, PolicyDocument>;
  readonly managedPolicyArns?: readonly string[];
  readonly permissionsBoundary?: string | undefined;
}

/** The part of IAM that the emulated services need: roles, their policies, principals with access keys, temporary credentials. */
export type Iam = ReturnType<typeof createIam>;

/**
 * One per emulator: IAM is global.
 * @param settings.principals access keys with policies of their own
 * @param settings.managedPolicies policies that roles name by ARN; an ARN that is not among them allows nothing and limits nothing
 * @param emit gets an event for each decision of `authorize`
 */
export function createIam(
  place: Omit<Place, 'region'>,
  settings: { readonly principals?: readonly Principal[]; readonly managedPolicies?: ReadonlyMap<string, PolicyDocument> } = {},
  emit: EmitEvent = () => undefined,
) {
  const { principals = [], managedPolicies = new Map<string, PolicyDocument>() } = settings;
  const { accountId } = place;
  const here = { ...place, region: '' };
  const roles = new Map<string, Role>();
  const issued = new Map<string, { secret: string; roleArn: string }>();
  const byArn = (roleArn: string): Role | undefined => [...roles.values()].find((role) => role.arn === roleArn);
  const principalOf = (accessKeyId: string) => principals.find((each) => each.accessKeyId === accessKeyId);

  const identityOfPrincipal = (principal: Principal): Identity => {
    const account = principal.accountId ?? accountId;
    return {
      arn: principal.arn ?? arn({ ...here, accountId: account }, 'iam', `user/${principal.accessKeyId}`),
      accountId: account,
      ...(principal.policy && { policies: [principal.policy] }),
    };
  };

  const sessionOf = (roleArn: string): Identity => {
    const role = byArn(roleArn);
    const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const managed = role?.managedPolicyArns ?? [];
    const boundary = managedPolicies.get(role?.permissionsBoundary ?? '');
    return {
      arn: arn(here, 'sts', `assumed-role/${name}/session`),
      accountId,
      policies: [...(role?.policies.values() ?? []), ...managed.flatMap((each) => managedPolicies.get(each) ?? [])],
      ...(boundary && { boundary }),
    };
  };

  /** The identity behind an access key; the account's owner for keys from elsewhere. */
  const identityOf = (accessKeyId: string): Identity => {
    const key = issued.get(accessKeyId);
    if (key) return sessionOf(key.roleArn);
    const principal = principalOf(accessKeyId);
    return principal ? identityOfPrincipal(principal) : { arn: arn(here, 'iam', 'root'), accountId };
  };
  /** Decides by the identity's policies and its boundary together. */
  const decideFor = (identity: Identity, action: string, resource: string, context: ConditionContext = {}): Decision => {
    const request = { action, resource, context };
    const decision = identity.policies ? decide(identity.policies, request) : 'allow';
    if (decision !== 'allow' || !identity.boundary) return decision;
    return decide([identity.boundary], request);
  };
  const trusts = (roleArn: string, principal: NonNullable<AccessRequest['principal']>): boolean => {
    const role = byArn(roleArn);
    return role !== undefined && decide([role.trustPolicy], { action: 'sts:AssumeRole', resource: '*', principal }) === 'allow';
  };
  const issue = (roleArn: string) => {
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const secretAccessKey = randomBytes(30).toString('base64');
    issued.set(accessKeyId, { secret: secretAccessKey, roleArn });
    return { accessKeyId, secretAccessKey, sessionToken: randomBytes(48).toString('base64') };
  };
  return {
    identityOf,
    decide: decideFor,
    putRole: (role: Role) => void roles.set(role.name, role),
    getRole: (name: string) => roles.get(name),
    deleteRole: (name: string) => void roles.delete(name),
    roles: () => [...roles.values()],
    /** Credentials for a service. @throws {AwsError} InvalidParameterValueException (400) unless a role's trust policy names it */
    assumeRole(roleArn: string, service: string) {
      if (trusts(roleArn, { service })) return issue(roleArn);
      const message = 'The role defined for the function cannot be assumed by Lambda.';
      throw new AwsError('InvalidParameterValueException', 400, message, { Type: 'User' });
    },
    /** Credentials for a caller. @throws {AwsError} AccessDenied (403) unless the trust policy and the caller's own policies allow it */
    assumeRoleAs(callerKeyId: string, roleArn: string) {
      const caller = identityOf(callerKeyId);
      const own = decideFor(caller, 'sts:AssumeRole', roleArn);
      const decision = own === 'allow' && !trusts(roleArn, caller) ? 'implicit-deny' : own;
      if (decision === 'allow') return issue(roleArn);
      const { message } = accessDeniedException(caller, 'sts:AssumeRole', roleArn, decision);
      throw new AwsError('AccessDenied', 403, message);
    },
    /** The secret of an access key that this emulator knows; undefined for keys from elsewhere. */
    secretOf: (accessKeyId: string) => issued.get(accessKeyId)?.secret ?? principalOf(accessKeyId)?.secretAccessKey,
    /** The identity of a service that acts with a role, such as CloudFormation with a service role. A role from elsewhere may do everything. */
    identityOfRole(roleArn: string): Identity {
      if (byArn(roleArn)) return sessionOf(roleArn);
      const principal = principals.find((each) => each.arn === roleArn);
      return principal ? identityOfPrincipal(principal) : { arn: roleArn, accountId };
    },
    /** Checks a call on each of the resources against the policies behind the key. @throws {AwsError} AccessDeniedException (403) */
    authorize(accessKeyId: string, action: string, resources: readonly string[], context?: ConditionContext): void {
      const identity = identityOf(accessKeyId);
      for (const resource of resources) {
        const decision = decideFor(identity, action, resource, context);
        const allowed = decision === 'allow';
        emit({ type: 'authorization', caller: identity.arn, action, resource, allowed });
        if (!allowed) throw accessDeniedException(identity, action, resource, decision);
      }
    },
  };
}
