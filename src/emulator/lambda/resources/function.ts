import type { Iam } from '../../iam/service.ts';
import { arn } from '../../kernel/place.ts';
import { read, resourceName } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import { passRole, type ResourceProvider } from '../../kernel/resource-provider.ts';
import type { LambdaLimits } from '../limits.ts';
import { type FunctionDefinition, invalidParameter, readFunctionProperties, userError } from '../function-properties.ts';
import type { Functions } from '../store.ts';

/** AWS::Lambda::Function with inline Node.js code. `Ref` is the name, `Fn::GetAtt` gives `Arn`. */
export function functionProvider(input: {
  readonly functions: Functions;
  readonly iam: Iam;
  readonly limits: LambdaLimits;
  /** Called after an update or a deletion: the function's environments are stale. */
  readonly onChange: (name: string) => void;
}): ResourceProvider {
  const { functions, iam, limits, onChange } = input;
  return {
    type: 'AWS::Lambda::Function',
    createOnly: 'FunctionName',
    mutable:
      'Architectures Code Description Environment Handler LoggingConfig MemorySize ReservedConcurrentExecutions Role Runtime Tags Timeout TracingConfig',
    required: 'Code Role',
    actions: handlerActions('AWS::Lambda::Function', {
      on: (step) => arn(step.context, 'lambda', `function:${resourceName(step, 'FunctionName')}`),
      at: { 'iam:PassRole': ({ properties }) => [passRole(read.required(properties, 'Role'), 'lambda.amazonaws.com')] },
      when: {
        'iam:PassRole': 'Role',
        'lambda:UpdateFunctionCode': 'Code Architectures',
        'lambda:UpdateFunctionConfiguration':
          'Description Environment Handler LoggingConfig MemorySize Role Runtime Timeout TracingConfig',
        'lambda:PutFunctionConcurrency': '+ReservedConcurrentExecutions',
        'lambda:DeleteFunctionConcurrency': '-ReservedConcurrentExecutions',
      },
      reads: 'lambda:GetFunctionCodeSigningConfig lambda:GetFunctionRecursionConfig lambda:GetRuntimeManagementConfig',
      // Code signing, encryption, layers, capacity providers, runtime management, recursion: properties that are refused here.
      unset:
        'kms:* lambda:DeleteFunctionCodeSigningConfig lambda:GetCodeSigningConfig lambda:GetLayerVersion ' +
        'lambda:PassCapacityProvider lambda:PublishVersion lambda:PutFunctionCodeSigningConfig ' +
        'lambda:PutFunctionRecursionConfig lambda:PutFunctionScalingConfig lambda:PutRuntimeManagementConfig',
      // The schema has it among the permissions of tags.
      also: { update: 'lambda:ListTags' },
    }),
    put(step) {
      const name = resourceName(step, 'FunctionName');
      const isNew = step.physicalId === undefined;
      if (isNew && functions.has(name))
        throw userError('ResourceConflictException', 409, `Function already exist: ${functions.get(name).arn}`);
      const definition = readFunctionProperties(step.properties, name, step.context, limits);
      iam.assumeRole(definition.roleArn, 'lambda.amazonaws.com');
      checkReservedConcurrency(definition, functions, limits);
      functions.put(definition);
      if (!isNew) onChange(name);
      return { physicalId: name, attributes: { Arn: definition.arn } };
    },
    delete({ physicalId }) {
      functions.delete(physicalId);
      onChange(physicalId);
    },
  };
}

/** A reservation must leave some concurrency to the functions without one (API reference of PutFunctionConcurrency). */
function checkReservedConcurrency(definition: FunctionDefinition, functions: Functions, limits: LambdaLimits): void {
  if (definition.reservedConcurrency === undefined) return;
  const others = functions.all().filter((each) => each.name !== definition.name);
  const reserved = [definition, ...others].reduce((sum, each) => sum + (each.reservedConcurrency ?? 0), 0);
  if (limits.concurrentExecutions - reserved >= limits.unreservedConcurrentExecutions) return;
  throw invalidParameter(
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${limits.unreservedConcurrentExecutions}].`,
  );
}
