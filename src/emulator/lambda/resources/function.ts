import { AwsError } from '../../kernel/aws-error.ts';
import type { Iam } from '../../iam/service.ts';
import { resourceName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { read } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import {
  actionsOn,
  passRole,
  type ProvisionedResource,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';
import type { FunctionDefinition, Functions } from '../store.ts';
import { readFunctionProperties } from '../function-properties.ts';
import type { LambdaLimits } from '../limits.ts';

const ACTIONS = handlerActions('AWS::Lambda::Function', {
  on: functionArn,
  at: {
    'iam:PassRole': ({ properties }) => [passRole(read.required(properties, 'Role'), 'lambda.amazonaws.com')],
    'lambda:PutFunctionConcurrency': (step, action) => (isReserved(step) ? actionsOn(functionArn(step), action) : []),
    'lambda:DeleteFunctionConcurrency': (step, action) =>
      isReserved(step) ? [] : actionsOn(functionArn(step), action),
  },
  when: {
    'iam:PassRole': 'Role',
    'lambda:UpdateFunctionCode': 'Code Architectures',
    'lambda:UpdateFunctionConfiguration':
      'Description Environment Handler LoggingConfig MemorySize Role Runtime Timeout TracingConfig',
    'lambda:PutFunctionConcurrency': 'ReservedConcurrentExecutions',
    'lambda:DeleteFunctionConcurrency': 'ReservedConcurrentExecutions',
  },
  reads: 'lambda:GetFunctionCodeSigningConfig lambda:GetFunctionRecursionConfig lambda:GetRuntimeManagementConfig',
  // Code signing, encryption, layers, capacity providers, runtime management, recursion: properties that are refused here.
  unset:
    'kms:* lambda:DeleteFunctionCodeSigningConfig lambda:GetCodeSigningConfig lambda:GetLayerVersion lambda:PassCapacityProvider ' +
    'lambda:PublishVersion lambda:PutFunctionCodeSigningConfig lambda:PutFunctionRecursionConfig ' +
    'lambda:PutFunctionScalingConfig lambda:PutRuntimeManagementConfig',
  // The schema has it among the permissions of tags.
  also: { update: 'lambda:ListTags' },
});

/** AWS::Lambda::Function with inline Node.js code. `Ref` is the name, `Fn::GetAtt` gives `Arn`. */
export function functionProvider(input: {
  readonly functions: Functions;
  readonly iam: Iam;
  readonly limits: LambdaLimits;
  /** Called after an update or a deletion: the function's environments are stale. */
  readonly onChange: (name: string) => void;
}): ResourceProvider {
  const { functions, iam, limits, onChange } = input;

  const put = (definition: FunctionDefinition): ProvisionedResource => {
    iam.assumeRole(definition.roleArn, 'lambda.amazonaws.com');
    checkReservedConcurrency(definition, functions, limits);
    functions.put(definition);
    return { physicalId: definition.name, attributes: { Arn: definition.arn } };
  };

  return {
    type: 'AWS::Lambda::Function',
    createOnly: 'FunctionName',
    mutable:
      'Architectures Code Description Environment Handler LoggingConfig MemorySize ReservedConcurrentExecutions Role Runtime Tags Timeout TracingConfig',
    required: ['Code', 'Role'],
    actions: ACTIONS,
    async create(properties, context) {
      const name = resourceName({ properties, context }, 'FunctionName');
      if (functions.has(name)) {
        throw new AwsError('ResourceConflictException', 409, `Function already exist: ${functions.get(name).arn}`, {
          Type: 'User',
        });
      }
      return put(readFunctionProperties(properties, name, context, limits));
    },
    async update(physicalId, properties, _previous, context) {
      const resource = put(readFunctionProperties(properties, physicalId, context, limits));
      onChange(physicalId);
      return resource;
    },
    async delete(physicalId) {
      functions.delete(physicalId);
      onChange(physicalId);
    },
  };
}

/** A reservation must leave some concurrency to the functions without one (API reference of PutFunctionConcurrency). */
function checkReservedConcurrency(definition: FunctionDefinition, functions: Functions, limits: LambdaLimits): void {
  if (definition.reservedConcurrency === undefined) return;
  const others = functions.all().filter((each) => each.name !== definition.name);
  const left = [definition, ...others].reduce(
    (sum, each) => sum - (each.reservedConcurrency ?? 0),
    limits.concurrentExecutions,
  );
  if (left >= limits.unreservedConcurrentExecutions) return;
  throw new AwsError(
    'InvalidParameterValueException',
    400,
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${limits.unreservedConcurrentExecutions}].`,
    { Type: 'User' },
  );
}

function isReserved({ properties }: ResourceStep): boolean {
  return properties['ReservedConcurrentExecutions'] !== undefined;
}

function functionArn(step: ResourceStep): string {
  return arn(step.context, 'lambda', `function:${resourceName(step, 'FunctionName')}`);
}
