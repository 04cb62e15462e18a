/** A custom domain name of APIs. */
export interface DomainName {
  readonly name: string;
  readonly arn: string;
  readonly endpointType: 'EDGE' | 'REGIONAL';
  readonly certificateArn: string;
  readonly securityPolicy: string;
  readonly endpointAccessMode: string | undefined;
  /** What DNS points at: a Regional endpoint, or a CloudFront distribution. */
  readonly target: string;
  /** Hosted zone of the target, for an alias record. */
  readonly targetHostedZoneId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Which API and stage a path of a domain leads to. */
export interface BasePathMapping {
  readonly domainName: string;
  /** `(none)` for the root of the domain. */
  readonly basePath: string;
  readonly apiId: string;
  readonly stage: string | undefined;
}

/** How the API writes the root of a domain. */
export const NO_BASE_PATH = '(none)';
