import { randomUUID } from 'node:crypto';
import { AwsError, errorType } from '../../kernel/aws-error.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import { type KeptResources, keptResourceProvider, type ResourceProvider } from '../../kernel/resource-provider.ts';
import { read } from '../../kernel/properties.ts';

const PROTOCOLS = 'application email email-json firehose http https lambda sms sqs'.split(' ');
const invalidParameter = errorType('InvalidParameter', 400);

/** AWS::SNS::Subscription. `Ref` is its ARN. It needs no confirmation. */
export function subscriptionProvider(kept: KeptResources, topics: KeptResources): ResourceProvider {
  return keptResourceProvider({
    type: 'AWS::SNS::Subscription',
    createOnly: 'Endpoint Protocol TopicArn',
    required: 'Protocol TopicArn',
    actions: handlerActions('AWS::SNS::Subscription', {
      // The topic is the resource of all of them (service authorization reference of SNS).
      on: ({ properties }) => read.required(properties, 'TopicArn'),
      // The role of a Firehose subscription.
      unset: 'iam:*',
      // CreateHandler and DeleteHandler of aws-cloudformation-resource-providers-sns.
      also: { create: 'sns:GetTopicAttributes sns:GetSubscriptionAttributes', delete: 'sns:GetTopicAttributes' },
    }),
    kept,
    describe({ properties, physicalId }) {
      const topicArn = read.required(properties, 'TopicArn');
      if (!topics.has(topicArn)) throw new AwsError('NotFound', 404, 'Topic does not exist');
      const protocol = read.required(properties, 'Protocol');
      const endpoint = read.string(properties, 'Endpoint') ?? '';
      if (!PROTOCOLS.includes(protocol))
        throw invalidParameter(`Invalid parameter: Amazon SNS does not support this protocol string: ${protocol}`);
      if (protocol === 'email' && !/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalidParameter('Invalid parameter: Email address');
      const id = physicalId ?? `${topicArn}:${randomUUID()}`;
      return { physicalId: id, attributes: { Arn: id } };
    },
  });
}
