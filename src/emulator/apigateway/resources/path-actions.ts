import { handlerActions, type HandlerRules, SCHEMA_PERMISSIONS } from '../../kernel/handler-actions.ts';
import { read } from '../../kernel/properties.ts';
import { actionsOn, isChanged, type ResourceActions, type ResourceStep } from '../../kernel/resource-provider.ts';

/**
 * The IAM actions of a resource type at a path of the control plane: the actions are HTTP methods, the resources are paths (service
 * authorization reference of API Gateway Management).
 * @param collection path that a POST creates the resource in, and that `item` follows. `{Name}` or `{Name=default}` is a property of
 * the resource, `{id}` its id, or `*` before it is created
 */
export function pathActions(
  type: string,
  collection: string,
  item: string,
  { at, ...rules }: Omit<HandlerRules, 'on'> = {},
): ResourceActions {
  const path = `${collection}/${item}`;
  // Tags are addressed by the ARN of the resource that has them, as one encoded segment.
  const tagsArn = (step: ResourceStep) =>
    pathArn(step, `/tags/${encodeURIComponent(pathArn(step, path)).replaceAll('%2A', '*')}`);
  const isTagged = SCHEMA_PERMISSIONS[type]?.systemTags === true;
  // On types with tags, PUT and DELETE of the other handlers are for tags.
  const tags = (step: ResourceStep, handler: string): string[] => {
    if (!isTagged || handler === 'delete') return [pathArn(step, path)];
    return handler === 'create' || isChanged(step, 'Tags') ? [tagsArn(step)] : [];
  };
  const actions = handlerActions(type, {
    on: (step) => pathArn(step, path),
    at: { 'apigateway:POST': (step) => [pathArn(step, collection)], 'apigateway:PUT': tags, 'apigateway:DELETE': tags, ...at },
    ...rules,
  });
  return { ...actions, ...(isTagged && { tag: (step) => actionsOn(tagsArn(step), 'apigateway:PUT apigateway:DELETE') }) };
}

/** ARN of a path of the control plane, with the values of the resource in place of the names in braces. */
export function pathArn({ physicalId = '*', properties, context }: ResourceStep, path: string): string {
  const filled = path.replaceAll(/\{(\w+)=?([^}]*)\}/g, (_, name: string, byDefault: string) =>
    name === 'id' ? physicalId : (read.string(properties, name) ?? (byDefault || read.required(properties, name))),
  );
  return `arn:${context.partition}:apigateway:${context.region}::${filled}`;
}
