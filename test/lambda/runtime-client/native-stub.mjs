// In place of the native module of `aws-lambda-ric`, which needs a compiler to be installed: the same three calls over node:http.
// Everything else of AWS's client is AWS's. Source of the calls and of what they give: src/native/rapid-client.cc of the package.
import http from 'node:http';
import Module from 'node:module';

const NATIVE_MODULE = './rapid-client.node';
const BASE = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation`;
const agent = new http.Agent({ keepAlive: true });

/** The native calls block: whatever comes after one finds it done. */
let before = Promise.resolve();

const client = {
  async next() {
    await before;
    const { headers, body } = await call('GET', `${BASE}/next`);
    const deadline = Number(headers['lambda-runtime-deadline-ms']);
    return { bodyJson: body, headers: { ...headers, 'lambda-runtime-deadline-ms': deadline } };
  },
  /**
   * @param {string} id
   * @param {string} body
   */
  done(id, body) {
    before = before.then(async () => {
      await call('POST', `${BASE}/${id}/response`, body);
    });
  },
  /**
   * @param {string} id
   * @param {string} body
   */
  error(id, body) {
    const { errorType } = JSON.parse(body);
    const headers = { 'Lambda-Runtime-Function-Error-Type': errorType };
    before = before.then(async () => {
      await call('POST', `${BASE}/${id}/error`, body, headers);
    });
  },
};

const loader = /** @type {{ _load: (request: string, ...rest: unknown[]) => unknown }} */ (/** @type {unknown} */ (Module));
const load = loader._load;
loader._load = (request, ...rest) => (request === NATIVE_MODULE ? client : load.call(Module, request, ...rest));

/**
 * @param {string} method
 * @param {string} url
 * @param {string} [body]
 * @param {http.OutgoingHttpHeaders} [headers]
 * @returns {Promise<{ headers: http.IncomingHttpHeaders, body: string }>}
 */
function call(method, url, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => (text += part));
      response.on('end', () => resolve({ headers: response.headers, body: text }));
    });
    request.on('error', reject).end(body);
  });
}
