import {
  actionsOn,
  isChanged,
  passRole,
  type ResourceAction,
  type ResourceActions,
  type ResourceStep,
} from '../kernel/resource-provider.ts';
import { generatePhysicalName } from '../kernel/physical-name.ts';
import { arn } from '../kernel/place.ts';
import { readString, requireString } from '../kernel/properties.ts';

const CODE = ['Code', 'Architectures'];
const CONFIGURATION = [
  'Description',
  'Environment',
  'Handler',
  'LoggingConfig',
  'MemorySize',
  'Role',
  'Runtime',
  'Timeout',
  'TracingConfig',
];

/** Of AWS::Lambda::Function. TagResource always: CloudFormation puts tags of its own on functions. */
export const FUNCTION_ACTIONS: ResourceActions = {
  create: (step) => [
    ...actionsOn(
      functionArn(step),
      'lambda:CreateFunction',
      'lambda:GetFunction',
      'lambda:TagResource',
      ...(isReserved(step) ? ['lambda:PutFunctionConcurrency'] : []),
    ),
    pass(step),
  ],
  update: (step) => [
    ...actionsOn(
      functionArn(step),
      'lambda:GetFunction',
      ...(isChanged(step, ...CODE) ? ['lambda:UpdateFunctionCode'] : []),
      ...(isChanged(step, ...CONFIGURATION) ? ['lambda:UpdateFunctionConfiguration'] : []),
      ...(isChanged(step, 'ReservedConcurrentExecutions') ? [concurrency(step)] : []),
    ),
    ...(isChanged(step, 'Role') ? [pass(step)] : []),
    ...(isChanged(step, 'Tags') ? tag(step) : []),
  ],
  delete: (step) => actionsOn(functionArn(step), 'lambda:DeleteFunction', 'lambda:GetFunction'),
  tag,
};

/** Of AWS::Lambda::Permission, whose properties are all create-only. */
export const PERMISSION_ACTIONS: ResourceActions = {
  create: (step) => actionsOn(permittedFunction(step), 'lambda:AddPermission'),
  update: () => [],
  delete: (step) => actionsOn(permittedFunction(step), 'lambda:RemovePermission'),
};

function isReserved({ properties }: ResourceStep): boolean {
  return properties['ReservedConcurrentExecutions'] !== undefined;
}

function concurrency(step: ResourceStep): string {
  return isReserved(step) ? 'lambda:PutFunctionConcurrency' : 'lambda:DeleteFunctionConcurrency';
}

function pass({ properties }: ResourceStep): ResourceAction {
  return passRole(requireString(properties, 'Role'), 'lambda.amazonaws.com');
}

function tag(step: ResourceStep) {
  return actionsOn(
    functionArn(step),
    'lambda:ListTags',
    'lambda:TagResource',
    'lambda:UntagResource',
  );
}

function functionArn({ physicalId, properties, context }: ResourceStep): string {
  const given = physicalId ?? readString(properties, 'FunctionName');
  return arn(context, 'lambda', `function:${given ?? generatePhysicalName(context)}`);
}

/** A name, a partial ARN or an ARN. */
function permittedFunction({ properties, context }: ResourceStep): string {
  const given = requireString(properties, 'FunctionName');
  if (given.startsWith('arn:')) return given;
  return arn(context, 'lambda', `function:${given.slice(given.lastIndexOf(':') + 1)}`);
}
