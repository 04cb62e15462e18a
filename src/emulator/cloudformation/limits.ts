/** API reference, CreateStack, StackName; the same for CreateChangeSet, ChangeSetName. */
export const NAME_PATTERN = /^[a-zA-Z][-a-zA-Z0-9]*$/;

/** Limits of CloudFormation; a test may shrink each. User guide, "Understand CloudFormation quotas" (cloudformation-limits). */
export const CLOUDFORMATION_LIMITS = {
  /** A body that is not in S3. */
  templateBodyBytes: 51_200,
  parameterValueBytes: 4_096,
  parameters: 200,
  resources: 500,
  outputs: 200,
  /** API reference, CreateStack, StackName. */
  stackNameLength: 128,
  /** Rate of API calls, and size of a burst. AWS answers "Rate exceeded" above some rate and documents no figure: no limit unless it is set. */
  callsPerSecond: Number.POSITIVE_INFINITY,
  /** DescribeStackEvents has no parameter for the page size, and documents none; users see pages of 100 events. */
  eventsPerPage: 100,
};

export type CloudFormationLimits = Readonly<typeof CLOUDFORMATION_LIMITS>;
