import { afterEach, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../gateway-fixture.ts';
import { httpCall } from '../http-call.ts';

let gateway: Gateway;
afterEach(() => gateway.close());

const ORIGIN = 'Access-Control-Allow-Origin';
const METHODS = 'method.response.header.Access-Control-Allow-Methods';
/** As the CDK renders a preflight for a list of origins. */
const CORS = `#set($origin = $input.params().header.get("Origin"))
#if($origin == "") #set($origin = $input.params().header.get("origin")) #end
#if($origin == "https://a.example" || $origin == "https://b.example")
#set($context.responseOverride.header.${ORIGIN} = $origin)
#end`;

async function deploy(response: string, request = '{"statusCode": 200}', statusCode = '200') {
  gateway = await startGateway();
  const { invokeUrl } = await gateway.deploy({
    method: {
      HttpMethod: 'ANY',
      MethodResponses: [{ StatusCode: statusCode, ResponseParameters: { [METHODS]: true } }],
      Integration: {
        Type: 'MOCK',
        RequestTemplates: { 'application/json': request },
        IntegrationResponses: [
          {
            StatusCode: statusCode,
            ResponseParameters: { [METHODS]: "'POST'" },
            ResponseTemplates: { 'application/json': response },
          },
        ],
      },
    },
  });
  return (headers: Record<string, string> = {}, query = '', method = 'OPTIONS') =>
    httpCall(invokeUrl + query, { method, headers });
}

test('an origin of the list is answered with itself, any other with none', async () => {
  const preflight = await deploy(CORS, '{"statusCode": 204}', '204');
  const allowed = async (headers: Record<string, string> = {}) => {
    const answer = await preflight(headers);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(answer.headers['access-control-allow-methods']).toBe('POST');
    return answer.headers[ORIGIN.toLowerCase()];
  };
  expect(await allowed({ Origin: 'https://a.example' })).toBe('https://a.example');
  expect(await allowed({ origin: 'https://b.example' })).toBe('https://b.example');
  for (const Origin of ['https://a.example.evil', 'http://a.example', 'https://A.example', 'null']) {
    expect(await allowed({ Origin })).toBeUndefined();
  }
  expect(await allowed()).toBeUndefined();
});

test('a template overrides status and headers, static ones too', async () => {
  const call = await deploy(`#set($context.responseOverride.status = 418)
#set($context.responseOverride.header.access-control-allow-methods = "PUT")short`);
  const answer = await call();
  expect([answer.status, (await answer.text()).trim()]).toEqual([418, 'short']);
  expect(answer.headers['access-control-allow-methods']).toBe('PUT');
});

test('parameters, context and helpers', async () => {
  const call = await deploy(
    `{"q":"$util.escapeJavaScript($input.params('q'))","h":"$input.params('X-One')","none":"$input.params('none')","stage":"$context.stage","at":"$context.resourcePath","ip":"$context.identity.sourceIp"}`,
  );
  const answer = await call({ 'X-One': '1', 'x-emulator-source-ip': '192.0.2.1' }, '?q=a%22b');
  expect(JSON.parse(await answer.text())).toEqual({ q: 'a"b', h: '1', none: '', stage: 'v1', at: '/invoke', ip: '192.0.2.1' });
});

test('the request’s template chooses the response', async () => {
  const call = await deploy('ok', `{"statusCode": #if($input.params('a') == "1")200#{else}nonsense#end}`);
  expect((await call({}, '?a=1')).status).toBe(200);
  expect((await call()).status).toBe(500);
});
