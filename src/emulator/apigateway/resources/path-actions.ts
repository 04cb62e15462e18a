import { read } from '../../kernel/properties.ts';
import {
  actionsOn,
  isChanged,
  type ResourceAction,
  type ResourceActions,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';

type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Verbs that the handlers of a resource type call on a path of the control plane. */
interface PathVerbs {
  /** The path of the collection that a POST creates the resource in, and the path of the resource itself. */
  readonly collection: (step: ResourceStep) => string;
  readonly item: (step: ResourceStep) => string;
  readonly create: { readonly collection?: readonly Verb[]; readonly item?: readonly Verb[] };
  readonly update: readonly Verb[];
  readonly delete: readonly Verb[];
  /** Whether the type has tags. CloudFormation adds tags of its own, so every resource of such a type is tagged. */
  readonly isTagged?: boolean;
}

/**
 * The IAM actions of a resource type at a path of the control plane: the actions are HTTP methods, the resources are paths (service
 * authorization reference of API Gateway Management).
 */
export function pathActions({ collection, item, isTagged = false, ...verbs }: PathVerbs): ResourceActions {
  const retag = (step: ResourceStep) => onPath(step, tagsPath(step, item(step)), 'PUT', 'DELETE');
  return {
    create: (step) => [
      ...onPath(step, collection(step), ...(verbs.create.collection ?? [])),
      ...onPath(step, item(step), ...(verbs.create.item ?? [])),
      ...(isTagged ? onPath(step, tagsPath(step, item(step)), 'PUT') : []),
    ],
    update: (step) => [...onPath(step, item(step), ...verbs.update), ...(isChanged(step, 'Tags') ? retag(step) : [])],
    delete: (step) => onPath(step, item(step), ...verbs.delete),
    ...(isTagged && { tag: retag }),
  };
}

/** The actions of these verbs on one path. */
export function onPath(step: ResourceStep, path: string, ...verbs: readonly Verb[]): ResourceAction[] {
  return actionsOn(pathArn(step, path), ...verbs.map((verb) => `apigateway:${verb}`));
}

/** ARN of a path of the control plane. */
export function pathArn({ context }: ResourceStep, path: string): string {
  return `arn:${context.partition}:apigateway:${context.region}::${path}`;
}

/** Path of the REST API that a resource belongs to. */
export function restApiPath({ properties }: ResourceStep): string {
  return `/restapis/${read.required(properties, 'RestApiId')}`;
}

/** Id of the resource; `*` before it is created. */
export function idOrAny({ physicalId }: ResourceStep): string {
  return physicalId ?? '*';
}

/** Tags are addressed by the ARN of the resource that has them, as one encoded segment. */
function tagsPath(step: ResourceStep, path: string): string {
  return `/tags/${encodeURIComponent(pathArn(step, path)).replaceAll('%2A', '*')}`;
}
