import { AwsError } from '../../kernel/aws-error.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import {
  type KeptResource,
  keptResourceProvider,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';
import { resourceName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { parseObject, read } from '../../kernel/properties.ts';

/** AWS::CloudWatch::Dashboard. `Ref` is its name; the body has to be JSON with widgets. */
export function dashboardProvider(kept: Map<string, KeptResource>): ResourceProvider {
  return keptResourceProvider({
    type: 'AWS::CloudWatch::Dashboard',
    createOnly: 'DashboardName',
    mutable: 'DashboardBody',
    required: ['DashboardBody'],
    actions: handlerActions('AWS::CloudWatch::Dashboard', { on: dashboardArn }),
    kept,
    describe(properties, context, physicalId) {
      const body = read.required(properties, 'DashboardBody');
      if (!Array.isArray(parseObject(body)?.['widgets'])) {
        throw new AwsError(
          'DashboardInvalidInputError',
          400,
          'The field DashboardBody must be a valid JSON object with a list of widgets',
        );
      }
      const name = resourceName({ physicalId, properties, context }, 'DashboardName', 255);
      return { physicalId: name, attributes: {} };
    },
  });
}

/** ARNs of dashboards have no Region (service authorization reference of CloudWatch). */
function dashboardArn(step: ResourceStep): string {
  return arn({ ...step.context, region: '' }, 'cloudwatch', `dashboard/${resourceName(step, 'DashboardName', 255)}`);
}
