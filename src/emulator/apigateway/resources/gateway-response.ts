import { generateShortId } from '../../kernel/physical-name.ts';
import { read } from '../../kernel/properties.ts';
import { type Properties, type ResourceProvider } from '../../kernel/resource-provider.ts';
import { type ApiStore, badRequest, findRestApi } from '../store.ts';
import { GATEWAY_RESPONSE_STATUS } from '../front-door/gateway-error.ts';
import { headerOfParameter, literalOf } from '../front-door/response-parameter.ts';
import type { RestApi } from '../rest-api.ts';
import { pathActions, restApiPath } from './path-actions.ts';

/** AWS::ApiGateway::GatewayResponse: headers and status of the gateway's own errors. Templates are not supported. */
export function gatewayResponseProvider(store: ApiStore): ResourceProvider {
  const put = (api: RestApi, id: string, properties: Properties) => {
    const responseParameters = read.stringMap(properties, 'ResponseParameters') ?? {};
    for (const [parameter, value] of Object.entries(responseParameters)) {
      headerOfParameter(parameter, 'gatewayresponse.header.');
      literalOf(value);
    }
    const responseType = read.required(properties, 'ResponseType');
    const status = read.string(properties, 'StatusCode');
    if (status !== undefined && !/^[1-5]\d\d$/.test(status))
      throw badRequest(`Invalid status code specified: ${status}`);
    const statusCode = status === undefined ? undefined : Number(status);
    api.gatewayResponses.set(responseType, { id, responseType, statusCode, responseParameters });
    return { physicalId: id, attributes: { Id: id } };
  };

  return {
    type: 'AWS::ApiGateway::GatewayResponse',
    createOnly: 'RestApiId ResponseType',
    mutable: 'StatusCode ResponseParameters',
    required: ['RestApiId', 'ResponseType'],
    actions: pathActions({
      collection: restApiPath,
      item: (step) => `${restApiPath(step)}/gatewayresponses/${read.required(step.properties, 'ResponseType')}`,
      create: { item: ['GET', 'PUT'] },
      update: ['GET', 'PUT'],
      delete: ['GET', 'DELETE'],
    }),
    async create(properties) {
      const api = findRestApi(store, read.required(properties, 'RestApiId'));
      const type = read.required(properties, 'ResponseType');
      if (!Object.hasOwn(GATEWAY_RESPONSE_STATUS, type)) throw badRequest(`Invalid response type specified: ${type}`);
      return put(api, generateShortId(), properties);
    },
    async update(physicalId, properties) {
      return put(findRestApi(store, read.required(properties, 'RestApiId')), physicalId, properties);
    },
    async delete(_physicalId, properties) {
      const api = store.restApis.get(read.required(properties, 'RestApiId'));
      api?.gatewayResponses.delete(read.required(properties, 'ResponseType'));
    },
  };
}
