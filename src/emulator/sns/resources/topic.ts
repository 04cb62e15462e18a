import { AwsError } from '../../kernel/aws-error.ts';
import { type KeptResource, keptResourceProvider } from '../../kernel/kept-resource.ts';
import { resourceName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { readList, refuseUnknown, requireString } from '../../kernel/properties.ts';
import {
  actionsOn,
  isChanged,
  type Properties,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';

/** AWS::SNS::Topic. `Ref` is its ARN. */
export function topicProvider(
  kept: Map<string, KeptResource>,
  subscriptions: Map<string, KeptResource>,
): ResourceProvider {
  const provider = keptResourceProvider({
    type: 'AWS::SNS::Topic',
    properties: {
      TopicName: 'create-only',
      DisplayName: 'mutable',
      KmsMasterKeyId: 'mutable',
      Subscription: 'mutable',
      Tags: 'mutable',
    },
    required: [],
    actions: {
      create: (step) =>
        on(
          step,
          'sns:CreateTopic',
          'sns:GetTopicAttributes',
          'sns:TagResource',
          ...subscribe(step),
        ),
      update: (step) =>
        on(
          step,
          'sns:GetTopicAttributes',
          ...(isChanged(step, 'DisplayName', 'KmsMasterKeyId') ? ['sns:SetTopicAttributes'] : []),
          ...(isChanged(step, 'Subscription')
            ? ['sns:ListSubscriptionsByTopic', 'sns:Subscribe', 'sns:Unsubscribe']
            : []),
          ...(isChanged(step, 'Tags') ? TAG : []),
        ),
      delete: (step) => on(step, 'sns:DeleteTopic', 'sns:GetTopicAttributes'),
      tag: (step) => on(step, ...TAG),
    },
    kept,
    describe(properties, context, physicalId) {
      const topicArn = physicalId ?? topicArnOf({ physicalId, properties, context });
      if (physicalId === undefined && kept.has(topicArn)) {
        throw new AwsError(
          'AlreadyExists',
          400,
          `Resource of type 'AWS::SNS::Topic' with identifier '${topicArn}' already exists.`,
        );
      }
      for (const each of (readList(properties, 'Subscription') ?? []) as Properties[]) {
        refuseUnknown(each, 'Subscription', ['Endpoint', 'Protocol']);
        requireString(each, 'Endpoint');
        requireString(each, 'Protocol');
      }
      const name = topicArn.slice(topicArn.lastIndexOf(':') + 1);
      return { physicalId: topicArn, attributes: { TopicArn: topicArn, TopicName: name } };
    },
  });
  return {
    ...provider,
    async delete(physicalId, ...rest) {
      await provider.delete(physicalId, ...rest);
      // API reference, DeleteTopic: also deletes all subscriptions of the topic.
      for (const each of subscriptions.keys())
        if (each.startsWith(`${physicalId}:`)) subscriptions.delete(each);
    },
  };
}

const TAG = ['sns:ListTagsForResource', 'sns:TagResource', 'sns:UntagResource'];

function subscribe({ properties }: ResourceStep): string[] {
  return properties['Subscription'] === undefined ? [] : ['sns:Subscribe'];
}

function on(step: ResourceStep, ...actions: readonly string[]) {
  return actionsOn(topicArnOf(step), ...actions);
}

function topicArnOf({
  physicalId,
  properties,
  context,
}: Pick<ResourceStep, 'physicalId' | 'properties' | 'context'>): string {
  return physicalId ?? arn(context, 'sns', resourceName({ properties, context }, 'TopicName', 256));
}
