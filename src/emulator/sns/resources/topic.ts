import { readPolicy } from '../../iam/policy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { arn } from '../../kernel/place.ts';
import { generatePhysicalName, read, resourceName } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import {
  actionsOn,
  type KeptResources,
  keptResourceProvider,
  type Properties,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';

/** AWS::SNS::Topic. `Ref` is its ARN. */
export function topicProvider(kept: KeptResources, subscriptions: KeptResources): ResourceProvider {
  const provider = keptResourceProvider({
    type: 'AWS::SNS::Topic',
    createOnly: 'TopicName',
    mutable: 'DisplayName KmsMasterKeyId Subscription Tags',
    actions: handlerActions('AWS::SNS::Topic', {
      on: topicArnOf,
      when: {
        'sns:SetTopicAttributes': 'DisplayName KmsMasterKeyId',
        'sns:ListSubscriptionsByTopic': 'Subscription',
        'sns:Subscribe': 'Subscription',
        'sns:Unsubscribe': 'Subscription',
      },
      // Logs of deliveries and data protection: properties that are refused here.
      unset: 'iam:* sns:GetDataProtectionPolicy sns:PutDataProtectionPolicy',
    }),
    kept,
    describe(step) {
      const topicArn = topicArnOf(step);
      if (step.physicalId === undefined && kept.has(topicArn)) {
        const message = `Resource of type 'AWS::SNS::Topic' with identifier '${topicArn}' already exists.`;
        throw new AwsError('AlreadyExists', 400, message);
      }
      for (const each of read.objects(step.properties, 'Subscription', 'Endpoint Protocol')) {
        read.required(each, 'Endpoint');
        read.required(each, 'Protocol');
      }
      const name = topicArn.slice(topicArn.lastIndexOf(':') + 1);
      return { physicalId: topicArn, attributes: { TopicArn: topicArn, TopicName: name } };
    },
  });
  return {
    ...provider,
    async delete(step) {
      await provider.delete(step);
      // API reference, DeleteTopic: also deletes all subscriptions of the topic.
      for (const each of subscriptions.keys()) if (each.startsWith(`${step.physicalId}:`)) subscriptions.delete(each);
    },
  };
}

function topicArnOf(step: ResourceStep): string {
  return step.physicalId ?? arn(step.context, 'sns', resourceName(step, 'TopicName', 256));
}

/** AWS::SNS::TopicPolicy: the policy of topics. It is checked and kept, but never evaluated, since nothing is published. */
export function topicPolicyProvider(kept: KeptResources, topics: KeptResources): ResourceProvider {
  const setPolicy = ({ properties }: ResourceStep) =>
    topicsOf(properties).flatMap((topic) => actionsOn(topic, 'sns:SetTopicAttributes'));
  return keptResourceProvider({
    type: 'AWS::SNS::TopicPolicy',
    mutable: 'PolicyDocument Topics',
    required: 'PolicyDocument Topics',
    actions: { create: setPolicy, update: setPolicy, delete: setPolicy },
    kept,
    describe({ properties, context, physicalId }) {
      readPolicy(properties['PolicyDocument']);
      if (!topicsOf(properties).every((topic) => topics.has(topic))) throw new AwsError('NotFound', 404, 'Topic does not exist');
      const id = physicalId ?? generatePhysicalName(context);
      return { physicalId: id, attributes: { Id: id } };
    },
  });
}

function topicsOf(properties: Properties): readonly string[] {
  return (read.list(properties, 'Topics') ?? []).filter((topic) => typeof topic === 'string');
}
