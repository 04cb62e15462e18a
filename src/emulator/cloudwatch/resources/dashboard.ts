import { AwsError } from '../../kernel/aws-error.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import { type KeptResources, keptResourceProvider, type ResourceProvider } from '../../kernel/resource-provider.ts';
import { arn } from '../../kernel/place.ts';
import { parseObject, read, resourceName } from '../../kernel/properties.ts';

/** AWS::CloudWatch::Dashboard. `Ref` is its name; the body has to be JSON with widgets. */
export function dashboardProvider(kept: KeptResources): ResourceProvider {
  return keptResourceProvider({
    type: 'AWS::CloudWatch::Dashboard',
    createOnly: 'DashboardName',
    mutable: 'DashboardBody',
    required: 'DashboardBody',
    // ARNs of dashboards have no Region (service authorization reference of CloudWatch).
    actions: handlerActions('AWS::CloudWatch::Dashboard', {
      on: (step) => arn({ ...step.context, region: '' }, 'cloudwatch', `dashboard/${resourceName(step, 'DashboardName', 255)}`),
    }),
    kept,
    describe(step) {
      const body = read.required(step.properties, 'DashboardBody');
      if (!Array.isArray(parseObject(body)?.['widgets'])) {
        const message = 'The field DashboardBody must be a valid JSON object with a list of widgets';
        throw new AwsError('DashboardInvalidInputError', 400, message);
      }
      return { physicalId: resourceName(step, 'DashboardName', 255), attributes: {} };
    },
  });
}
