import { generateShortId, read } from '../../kernel/properties.ts';
import { type ResourceProvider } from '../../kernel/resource-provider.ts';
import { apiOf, type ApiStore, existingApi, find } from '../store.ts';
import { badRequest, conflict } from '../errors.ts';
import type { RestApi } from '../records/rest-api.ts';
import { pathActions, pathArn } from './path-actions.ts';

/** CreateResource: literal parts, `{name}` and `{name+}`. */
const PATH_PART = /^([a-zA-Z0-9._:-]+|\{[a-zA-Z0-9._:-]+\+?\})$/;

/** AWS::ApiGateway::Resource: one segment of a path below another. All its properties are create-only. */
export function resourceProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::Resource',
    createOnly: 'RestApiId ParentId PathPart',
    required: 'RestApiId ParentId PathPart',
    actions: pathActions('AWS::ApiGateway::Resource', '/restapis/{RestApiId}/resources', '{id}', {
      at: { 'apigateway:POST': (step) => [pathArn(step, '/restapis/{RestApiId}/resources/{ParentId}')] },
    }),
    put(step) {
      const { properties } = step;
      const api = apiOf(store, step);
      const parent = find.resource(api, read.required(properties, 'ParentId'));
      const pathPart = read.required(properties, 'PathPart');
      if (!PATH_PART.test(pathPart))
        throw badRequest(
          "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
        );
      const siblings = [...api.resources.values()].filter(({ parentId }) => parentId === parent.id);
      if (siblings.some((sibling) => sibling.pathPart === pathPart))
        throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
      const id = generateShortId(6);
      const path = `${parent.path === '/' ? '' : parent.path}/${pathPart}`;
      api.resources.set(id, { id, parentId: parent.id, pathPart, path, methods: new Map() });
      return { physicalId: id, attributes: { ResourceId: id } };
    },
    delete(step) {
      const api = existingApi(store, step);
      if (api) deleteBranch(api, step.physicalId);
    },
  };
}

/** DeleteResource also deletes the resources below. */
function deleteBranch(api: RestApi, resourceId: string): void {
  for (const child of api.resources.values()) {
    if (child.parentId === resourceId) deleteBranch(api, child.id);
  }
  api.resources.delete(resourceId);
}
