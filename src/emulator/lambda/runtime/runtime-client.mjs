import http from 'node:http';
import net from 'node:net';

export const BASE_PATH = '/2018-06-01/runtime';
export const ERROR_TYPE = 'Lambda-Runtime-Function-Error-Type';
export const ERROR_BODY = 'Lambda-Runtime-Function-Error-Body';

/** @typedef {ReturnType<typeof createRuntimeClient>} RuntimeClient */

/** A client of the Runtime API. All calls share one connection, as in AWS's own. @param {string} address host and port */
export function createRuntimeClient(address) {
  const [hostname, port] = address.split(':');
  /** @type {number | undefined} */
  let highWaterMark;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = (options, onConnect) =>
    net.createConnection(
      /** @type {net.NetConnectOpts} */ ({ ...options, highWaterMark }),
      /** @type {() => void} */ (onConnect),
    );

  /** @param {http.RequestOptions} options */
  const open = (options) => http.request({ hostname, port, agent, ...options });

  /** @type {(options: http.RequestOptions, body?: string) => Promise<{ headers: http.IncomingHttpHeaders, body: string }>} */
  const call = async (options, body) =>
    await new Promise((resolve, reject) => {
      const request = open(options);
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ headers: response.headers, body: text }));
      });
      request.on('error', reject).end(body);
    });

  return {
    open,
    /** @param {number} bytes for the connection, which is not open yet */
    setHighWaterMark(bytes) {
      highWaterMark = bytes;
    },
    next: () => call({ path: `${BASE_PATH}/invocation/next` }),
    /**
     * @param {string} path below `/runtime/`
     * @param {unknown} value undefined is null
     * @param {Record<string, string>} [headers]
     */
    async post(path, value, headers) {
      const body = JSON.stringify(value === undefined ? null : value);
      await call(
        { method: 'POST', path: `${BASE_PATH}/${path}`, headers: { 'Content-Type': 'application/json', ...headers } },
        body,
      );
    },
  };
}
