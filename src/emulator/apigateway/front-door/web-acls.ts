import type { WafService } from '../../wafv2/service.ts';
import { arn, type Place } from '../../kernel/place.ts';

/** The part of AWS WAF that API Gateway needs. */
export type WebAcls = Pick<WafService, 'webAclOf' | 'inspect'>;

/** ARN of a stage, as AWS WAF names it (WAF API reference, AssociateWebACL): without an account. */
export function stageArn(place: Place, apiId: string, stage: string): string {
  return arn({ ...place, accountId: '' }, 'apigateway', `/restapis/${apiId}/stages/${stage}`);
}
