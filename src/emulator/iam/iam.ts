import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { arn, type Place } from '../place.ts';
import { isAllowed, type PolicyDocument } from './policy.ts';

/** Temporary credentials of a role, as an execution environment gets them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly trustPolicy: PolicyDocument;
  /** Inline policies by name. */
  readonly policies: ReadonlyMap<string, PolicyDocument>;
}

/** IAM as far as this chain needs it: roles, their inline policies, and temporary credentials. */
export interface Iam {
  putRole(role: Role): void;
  getRole(name: string): Role | undefined;
  deleteRole(name: string): void;
  roles(): readonly Role[];
  /**
   * Credentials for a service that assumes the role.
   * @throws {AwsError} InvalidParameterValueException (400) when there is no such role or its trust policy does not name the service
   */
  assumeRole(roleArn: string, service: string): Credentials;
  /** The secret of an access key that this emulator has given out; undefined for keys from elsewhere. */
  secretOf(accessKeyId: string): string | undefined;
  /**
   * Checks a call against the policies of the role behind the key, on each of the resources. Keys from elsewhere stand for
   * the account's owner and may do anything.
   * @throws {AwsError} AccessDeniedException (403) in AWS's words
   */
  authorize(accessKeyId: string, action: string, resources: readonly string[]): void;
}

/** One per emulator: IAM is global. */
export function createIam(place: Omit<Place, 'region'>): Iam {
  const roles = new Map<string, Role>();
  const issued = new Map<string, { secret: string; roleArn: string }>();
  const byArn = (roleArn: string): Role | undefined =>
    [...roles.values()].find((role) => role.arn === roleArn);

  return {
    putRole: (role) => void roles.set(role.name, role),
    getRole: (name) => roles.get(name),
    deleteRole: (name) => void roles.delete(name),
    roles: () => [...roles.values()],
    assumeRole(roleArn, service) {
      const role = byArn(roleArn);
      if (!role || !isAllowed([role.trustPolicy], 'sts:AssumeRole', '*', service)) {
        throw new AwsError(
          'InvalidParameterValueException',
          400,
          'The role defined for the function cannot be assumed by Lambda.',
          { Type: 'User' },
        );
      }
      const credentials: Credentials = {
        accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(48).toString('base64'),
      };
      issued.set(credentials.accessKeyId, { secret: credentials.secretAccessKey, roleArn });
      return credentials;
    },
    secretOf: (accessKeyId) => issued.get(accessKeyId)?.secret,
    authorize(accessKeyId, action, resources) {
      const key = issued.get(accessKeyId);
      if (!key) return;
      const policies = [...(byArn(key.roleArn)?.policies.values() ?? [])];
      for (const resource of resources) {
        if (isAllowed(policies, action, resource)) continue;
        const name = key.roleArn.slice(key.roleArn.lastIndexOf('/') + 1);
        const user = arn({ ...place, region: '' }, 'sts', `assumed-role/${name}/session`);
        throw new AwsError(
          'AccessDeniedException',
          403,
          `User: ${user} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
        );
      }
    },
  };
}
