import type { Connection } from './connection.ts';
import type { Hop } from '../stream/stream-part.ts';
import { type AwsAccess, clientConfig, toOperationError } from '../aws/aws-access.ts';
import { createApiGatewayTransport } from './api-gateway.ts';
import type { SdkAccess } from './sdk-client.ts';
import type { Transport } from './transport.ts';
import type { TurnTimeouts } from './turn-timers.ts';
import { type EndpointQuery, findStack, readOutput, resolveEndpoint } from './endpoint.ts';
import { UsageError } from '../cli/errors.ts';
import { AGENT_STREAM_LIMIT_MS, scaleLengthLimit, STREAM_LIMIT_MS } from '../aws/limits.ts';
import { parseAgentRuntimeArn } from '../aws/agent-runtime-arn.ts';
import type { Stack } from '../aws/describe-stack.ts';

/**
 * Looks the stack up, once, and opens a transport to the hop. The SDK clients of the hops below API Gateway are loaded only when one
 * of them is asked for.
 * @throws {UsageError} HOP_NEEDS_STACK when only a URL is known, INVALID_URL, MISSING_TOKEN
 * @throws {OperationError} STACK_NOT_FOUND, STACK_NOT_READY, TOKEN_COMMAND_FAILED, INVALID_TOKEN, or what AWS said
 */
export async function openTransport(
  hop: Hop,
  query: EndpointQuery,
  access: AwsAccess,
  options: { readonly timers?: TurnTimeouts } = {},
): Promise<Connection> {
  const opened = (transport: Transport, idleLimitMs?: number): Connection => ({
    transport,
    idleLimitMs,
    streamLimitMs: scaleLengthLimit(
      hop === 'agentcore' ? AGENT_STREAM_LIMIT_MS : STREAM_LIMIT_MS,
      access.timeScale,
    ),
    close: () => transport.close(),
  });
  if (hop === 'api') {
    const endpoint = await resolveEndpoint(query, access);
    // Asked for now: a command that takes its time would make the first turn late.
    if (endpoint.auth.type === 'bearer') await endpoint.auth.token();
    return opened(createApiGatewayTransport(endpoint, options), endpoint.idleLimitMs);
  }
  if (query.url !== undefined) {
    throw new UsageError('HOP_NEEDS_STACK', `the hop ${hop} cannot be reached by a URL`, {
      hint: 'leave --url (AGENTSTREAM_URL) out and name the stack: --stack-name',
    });
  }
  const stack = await findStack(query.stackName, access);
  const sdk: SdkAccess = {
    config: clientConfig(access),
    explain: (error) => toOperationError(error, access),
  };
  if (hop === 'lambda') {
    const functionName = readOutput(stack, 'FunctionName');
    const { createLambdaTransport } = await import('./lambda.ts');
    return opened(
      createLambdaTransport({ ...sdk, functionName, claims: claimsOf(stack) }, options),
    );
  }
  const { arn, region } = parseAgentRuntimeArn(readOutput(stack, 'AgentRuntimeArn'));
  const { createAgentCoreTransport } = await import('./agentcore.ts');
  const target = {
    ...sdk,
    config: { ...sdk.config, region },
    agentRuntimeArn: arn,
    qualifier: stack.parameters['AgentQualifier'] ?? 'DEFAULT',
  };
  return opened(createAgentCoreTransport(target, options));
}

/** A function that is set to know its caller asks for these; below API Gateway nobody has verified any. */
function claimsOf({ parameters }: Stack): readonly string[] {
  const { UserIdFrom: from = '', SessionScope: scope } = parameters;
  if (from === '' && scope !== 'caller') return [];
  return ['sub', ...(from.startsWith('claim:') ? [from.slice('claim:'.length)] : [])];
}
