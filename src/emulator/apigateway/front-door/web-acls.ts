/** What API Gateway needs of AWS WAF. */
export interface WebAcls {
  /** ARN of the web ACL of a stage. */
  webAclOf(stageArn: string): string | undefined;
  /** What it decides; undefined for a stage without one. */
  inspect(stageArn: string, request: { readonly sourceIp: string }): 'allow' | 'block' | undefined;
}
