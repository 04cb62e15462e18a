// The bare proxy as a function: what a handler cannot do without, and nothing else. No check, no signature, no heartbeat.
const http = require('node:http');

const agent = new http.Agent({ keepAlive: true });

/** @type {any} */ (exports).handler = awslambda.streamifyResponse(async (event, responseStream) => {
  const { body } = /** @type {{ body: string }} */ (event);
  await new Promise((resolve) => {
    const request = http.request(process.env['AWS_ENDPOINT_URL'] ?? '', { method: 'POST', agent }, (response) => {
      const stream = awslambda.HttpResponseStream.from(responseStream, {
        statusCode: response.statusCode ?? 500,
        headers: { 'Content-Type': response.headers['content-type'] ?? '' },
      });
      response.on('data', (chunk) => {
        if (stream.write(chunk)) return;
        response.pause();
        /** @type {any} */ (stream).once('drain', () => response.resume());
      });
      response.on('end', () => {
        stream.end();
        resolve(undefined);
      });
    });
    request.end(body);
  });
});
