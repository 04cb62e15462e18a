import { AwsError } from '../aws-error.ts';
import { generatePhysicalName } from '../physical-name.ts';
import { arn } from '../place.ts';
import { readList, readString, requireString } from '../properties.ts';
import type {
  Json,
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceProvider,
} from '../resource-provider.ts';
import type { Iam } from './iam.ts';
import type { PolicyDocument } from './policy.ts';

const STATEMENT_MEMBERS = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Principal']);

/** AWS::IAM::Role with inline policies. Managed policies are refused: the emulator could not evaluate them. */
export function roleProvider(iam: Iam): ResourceProvider {
  const put = (name: string, properties: Properties, context: ResourceContext) => {
    const policies = (readList(properties, 'Policies') ?? []) as Properties[];
    const role = {
      name,
      arn: arn({ ...context, region: '' }, 'iam', `role/${name}`),
      trustPolicy: readPolicy(properties['AssumeRolePolicyDocument']),
      policies: new Map(
        policies.map((policy) => [
          requireString(policy, 'PolicyName'),
          readPolicy(policy['PolicyDocument']),
        ]),
      ),
    };
    iam.putRole(role);
    return { physicalId: name, attributes: { Arn: role.arn, RoleId: `AROA${name}` } };
  };

  return {
    type: 'AWS::IAM::Role',
    properties: {
      RoleName: 'create-only',
      Path: 'create-only',
      AssumeRolePolicyDocument: 'mutable',
      Policies: 'mutable',
      Description: 'mutable',
      Tags: 'mutable',
    },
    required: ['AssumeRolePolicyDocument'],
    async create(properties, context): Promise<ProvisionedResource> {
      const name = readString(properties, 'RoleName') ?? generatePhysicalName(context);
      if (iam.getRole(name))
        throw new AwsError('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
      return put(name, properties, context);
    },
    async update(physicalId, properties, _previous, context) {
      return put(physicalId, properties, context);
    },
    async delete(physicalId) {
      iam.deleteRole(physicalId);
    },
  };
}

function readPolicy(value: Json | undefined): PolicyDocument {
  const document = value as unknown as PolicyDocument | undefined;
  const statements = document?.Statement;
  if (!statements) throw malformed('Missing required field Statement');
  for (const statement of Array.isArray(statements) ? statements : [statements]) {
    const unknown = Object.keys(statement as object).find((key) => !STATEMENT_MEMBERS.has(key));
    if (unknown) throw malformed(`the emulator does not evaluate the policy member ${unknown}`);
  }
  return document;
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', 400, message);
}
