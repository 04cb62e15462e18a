// The reference of the cold path: the least handler that does the job with AWS's SDK, bundled as AWS advises.
import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';

const client = new BedrockAgentCoreClient({});

export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
  const { body } = /** @type {{ body: string }} */ (event);
  const { response, contentType = '' } = await client.send(
    new InvokeAgentRuntimeCommand({
      agentRuntimeArn: process.env['AGENT_RUNTIME_ARN'],
      payload: Buffer.from(body),
      contentType: 'application/json',
      accept: 'text/event-stream, application/json',
    }),
  );
  const stream = awslambda.HttpResponseStream.from(responseStream, { statusCode: 200, headers: { 'Content-Type': contentType } });
  stream.write('');
  for await (const chunk of /** @type {AsyncIterable<Buffer>} */ (/** @type {unknown} */ (response))) {
    stream.write(chunk);
  }
  stream.end();
});
