/** Limits of the service, each of which a test may shrink. */
export interface CloudFormationLimits {
  readonly templateBodyBytes: number;
  readonly parameterValueBytes: number;
  readonly parameters: number;
  readonly resources: number;
  readonly outputs: number;
  readonly stackNameLength: number;
  /** Calls that the service takes a second, and at once. */
  readonly callsPerSecond: number;
  readonly eventsPerPage: number;
}

/** User guide, "Understand CloudFormation quotas" (cloudformation-limits); a body that is not in S3. */
export const TEMPLATE_BODY_BYTES = 51_200;
/** User guide, "Understand CloudFormation quotas". */
export const PARAMETER_VALUE_BYTES = 4096;
/** User guide, "Understand CloudFormation quotas". */
export const PARAMETERS = 200;
/** User guide, "Understand CloudFormation quotas". */
export const RESOURCES = 500;
/** User guide, "Understand CloudFormation quotas". */
export const OUTPUTS = 200;
/** API reference, CreateStack, StackName. */
export const STACK_NAME_LENGTH = 128;
/** Calls above some rate are answered with "Rate exceeded"; AWS documents no figure, so none is kept unless it is set. */
const CALLS_PER_SECOND = Number.POSITIVE_INFINITY;
/** DescribeStackEvents has no page size to choose, and documents none; pages of 100 events are what users see. */
const EVENTS_PER_PAGE = 100;
/** API reference, CreateStack, StackName; the same for CreateChangeSet, ChangeSetName. */
export const NAME_PATTERN = /^[a-zA-Z][-a-zA-Z0-9]*$/;

export const CLOUDFORMATION_LIMITS: CloudFormationLimits = {
  templateBodyBytes: TEMPLATE_BODY_BYTES,
  parameterValueBytes: PARAMETER_VALUE_BYTES,
  parameters: PARAMETERS,
  resources: RESOURCES,
  outputs: OUTPUTS,
  stackNameLength: STACK_NAME_LENGTH,
  callsPerSecond: CALLS_PER_SECOND,
  eventsPerPage: EVENTS_PER_PAGE,
};
