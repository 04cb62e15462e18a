/** Limits of CloudFormation; a test may shrink each. */
export interface CloudFormationLimits {
  readonly templateBodyBytes: number;
  readonly parameterValueBytes: number;
  readonly parameters: number;
  readonly resources: number;
  readonly outputs: number;
  readonly stackNameLength: number;
  /** Rate of API calls, and size of a burst. */
  readonly callsPerSecond: number;
  readonly eventsPerPage: number;
}

/** API reference, CreateStack, StackName; the same for CreateChangeSet, ChangeSetName. */
export const NAME_PATTERN = /^[a-zA-Z][-a-zA-Z0-9]*$/;

export const CLOUDFORMATION_LIMITS: CloudFormationLimits = {
  // User guide, "Understand CloudFormation quotas" (cloudformation-limits): a body that is not in S3, parameters, resources, outputs.
  templateBodyBytes: 51_200,
  parameterValueBytes: 4_096,
  parameters: 200,
  resources: 500,
  outputs: 200,
  // API reference, CreateStack, StackName.
  stackNameLength: 128,
  // AWS answers calls above some rate with "Rate exceeded", and documents no figure: no limit unless it is set.
  callsPerSecond: Number.POSITIVE_INFINITY,
  // DescribeStackEvents has no parameter for the page size, and documents none; users see pages of 100 events.
  eventsPerPage: 100,
};
