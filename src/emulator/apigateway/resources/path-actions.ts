import { read } from '../../kernel/properties.ts';
import {
  actionsOn,
  isChanged,
  type ResourceAction,
  type ResourceActions,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';

/**
 * The IAM actions of a resource type at a path of the control plane: the actions are HTTP methods, the resources are paths (service
 * authorization reference of API Gateway Management).
 * @param collection path that a POST creates the resource in, and that `item` follows. `{Name}` or `{Name=default}` is a property of
 * the resource, `{id}` its id, or `*` before it is created
 * @param verbs HTTP methods that each handler calls, separated by spaces
 * @param verbs.isTagged whether the type has tags. CloudFormation adds tags of its own, so every resource of such a type is tagged
 */
export function pathActions(
  collection: string,
  item: string,
  verbs: Readonly<Record<'create' | 'update' | 'delete', string>> & { readonly isTagged?: boolean },
): ResourceActions {
  const path = `${collection}/${item}`;
  const { create, update, delete: remove, isTagged = false } = verbs;
  const retag = (step: ResourceStep) => onPath(step, tagsPath(step, path), 'PUT DELETE');
  return {
    create: (step) => [
      ...onPath(step, collection, create.startsWith('POST') ? 'POST' : ''),
      ...onPath(step, path, create.replace(/POST ?/, '')),
      ...onPath(step, tagsPath(step, path), isTagged ? 'PUT' : ''),
    ],
    update: (step) => [...onPath(step, path, update), ...(isChanged(step, 'Tags') ? retag(step) : [])],
    delete: (step) => onPath(step, path, remove),
    ...(isTagged && { tag: retag }),
  };
}

/** The actions of these verbs, separated by spaces, on one path. */
export function onPath(step: ResourceStep, path: string, verbs: string): ResourceAction[] {
  return verbs === '' ? [] : actionsOn(pathArn(step, path), `apigateway:${verbs.replaceAll(' ', ' apigateway:')}`);
}

/** ARN of a path of the control plane, with the values of the resource in place of the names in braces. */
export function pathArn({ physicalId = '*', properties, context }: ResourceStep, path: string): string {
  const filled = path.replaceAll(/\{(\w+)=?([^}]*)\}/g, (_, name: string, byDefault: string) =>
    name === 'id' ? physicalId : (read.string(properties, name) ?? (byDefault || read.required(properties, name))),
  );
  return `arn:${context.partition}:apigateway:${context.region}::${filled}`;
}

/** Tags are addressed by the ARN of the resource that has them, as one encoded segment. */
function tagsPath(step: ResourceStep, path: string): string {
  return `/tags/${encodeURIComponent(pathArn(step, path)).replaceAll('%2A', '*')}`;
}
