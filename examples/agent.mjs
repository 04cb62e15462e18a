// An agent without dependencies, in the shape that AgentCore expects: POST /invocations streams, GET /ping says that it is healthy.
// AgentCore starts agents on port 8080; `agentstream dev --agent examples/agent.mjs` gives it a port of its own.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const server = createServer(async (request, response) => {
  if (request.url === '/ping') return response.end(JSON.stringify({ status: 'Healthy' }));
  if (request.method !== 'POST' || request.url !== '/invocations') return response.writeHead(404).end();
  let body = '';
  for await (const part of request) body += part;
  const { prompt } = JSON.parse(body);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const word of `You asked: ${prompt}. An answer comes word by word.`.split(/(?<= )/)) {
    response.write(`data: ${JSON.stringify(word)}\n\n`);
    await sleep(50);
  }
  response.end();
});
server.listen(Number(process.env['PORT'] ?? 8080));
