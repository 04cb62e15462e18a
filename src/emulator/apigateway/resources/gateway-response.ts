import { generateShortId, read } from '../../kernel/properties.ts';
import type { ResourceProvider } from '../../kernel/resource-provider.ts';
import { GATEWAY_RESPONSE_STATUS } from '../front-door/gateway-error.ts';
import { readStaticHeaders } from '../front-door/response-headers.ts';
import { apiOf, type ApiStore, existingApi } from '../store.ts';
import { badRequest } from '../errors.ts';
import { pathActions } from './path-actions.ts';

/** AWS::ApiGateway::GatewayResponse: headers and status of the gateway's own errors. Templates are not supported. */
export function gatewayResponseProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::GatewayResponse',
    createOnly: 'RestApiId ResponseType',
    mutable: 'StatusCode ResponseParameters',
    required: 'RestApiId ResponseType',
    actions: pathActions('AWS::ApiGateway::GatewayResponse', '/restapis/{RestApiId}/gatewayresponses', '{ResponseType}'),
    put(step) {
      const { properties, physicalId: id = generateShortId() } = step;
      const api = apiOf(store, step);
      const responseType = read.required(properties, 'ResponseType');
      if (!Object.hasOwn(GATEWAY_RESPONSE_STATUS, responseType))
        throw badRequest(`Invalid response type specified: ${responseType}`);
      const responseParameters = read.stringMap(properties, 'ResponseParameters') ?? {};
      readStaticHeaders(responseParameters, 'gatewayresponse.header.');
      const status = read.string(properties, 'StatusCode');
      if (status !== undefined && !/^[1-5]\d\d$/.test(status)) throw badRequest(`Invalid status code specified: ${status}`);
      const statusCode = status === undefined ? undefined : Number(status);
      api.gatewayResponses.set(responseType, { statusCode, responseParameters });
      return { physicalId: id, attributes: { Id: id } };
    },
    delete(step) {
      existingApi(store, step)?.gatewayResponses.delete(read.required(step.properties, 'ResponseType'));
    },
  };
}
