import { AwsError } from '../../kernel/aws-error.ts';
import { readPolicy } from '../../iam/policy.ts';
import { type KeptResource, keptResourceProvider } from '../../kernel/kept-resource.ts';
import { generatePhysicalName } from '../../kernel/physical-name.ts';
import { readList } from '../../kernel/properties.ts';
import {
  actionsOn,
  type Properties,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';

/** AWS::SNS::TopicPolicy: the policy of topics. It is checked and kept, but never evaluated, since nothing is published. */
export function topicPolicyProvider(
  kept: Map<string, KeptResource>,
  topics: ReadonlyMap<string, KeptResource>,
): ResourceProvider {
  return keptResourceProvider({
    type: 'AWS::SNS::TopicPolicy',
    properties: { PolicyDocument: 'mutable', Topics: 'mutable' },
    required: ['PolicyDocument', 'Topics'],
    actions: { create: setPolicy, update: setPolicy, delete: setPolicy },
    kept,
    describe(properties, context, physicalId) {
      readPolicy(properties['PolicyDocument']);
      if (!topicsOf(properties).every((topic) => topics.has(topic)))
        throw new AwsError('NotFound', 404, 'Topic does not exist');
      const id = physicalId ?? generatePhysicalName(context);
      return { physicalId: id, attributes: { Id: id } };
    },
  });
}

function setPolicy({ properties }: ResourceStep) {
  return topicsOf(properties).flatMap((topic) => actionsOn(topic, 'sns:SetTopicAttributes'));
}

function topicsOf(properties: Properties): readonly string[] {
  const topics = readList(properties, 'Topics') ?? [];
  return topics.filter((topic) => typeof topic === 'string');
}
