/** Partition, Region and account of an emulated service: parts of every ARN that it creates. */
export interface Place {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}

/** The partition of a Region, by its name. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}

/** `arn:{partition}:{service}:{region}:{account}:{resource}` for a resource at this place. */
export function arn(place: Place, service: string, resource: string): string {
  return `arn:${place.partition}:${service}:${place.region}:${place.accountId}:${resource}`;
}
