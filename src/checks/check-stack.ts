import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsAccess, clientConfig } from '../aws/aws-access.ts';
import { checkCertificate } from './check-certificate.ts';
import type { Stack } from '../aws/describe-stack.ts';
import { INTEGRATION_HINT } from '../stack/integrations.ts';
import type { FunctionSettings, LiveSettings } from '../stack/live-settings.ts';
import { readLiveSettings } from '../stack/read-live-settings.ts';
import { hint } from '../cli/hint.ts';
import { type StackStatus, stackStatus } from '../stack/stack-status.ts';
import type { Finding } from './check.ts';

const DEPLOY = ['agentstream', 'deploy'];

/**
 * The stack and what it has made, as the services have it now.
 * @param region of the stack
 */
export async function* checkStack(
  stack: Stack,
  access: AwsAccess,
  region: string,
): AsyncGenerator<Finding, undefined> {
  yield checkState(stack);
  const apiGateway = new APIGatewayClient(clientConfig(access));
  const lambda = new LambdaClient(clientConfig(access));
  try {
    const live = await readLiveSettings(stack, apiGateway, lambda);
    if (!live) return undefined;
    const { timeScale } = access;
    const facts = stackStatus(stack, live, { region, url: undefined, timeScale });
    yield checkIntegrations(facts, live);
    yield checkFunction(live.function);
    yield checkEndpointType(facts);
    yield* checkDomain(stack, region);
    yield* checkSettings(facts);
  } finally {
    apiGateway.destroy();
    lambda.destroy();
  }
  return undefined;
}

function checkState({ name: stackName, status, statusReason }: Stack): Finding {
  const name = 'state';
  const reason = statusReason ? `: ${statusReason}` : '';
  const text = `the stack ${stackName} is ${status}`;
  if (status === 'REVIEW_IN_PROGRESS') {
    const fix = hint`${DEPLOY} makes it, ${['agentstream', 'destroy']} takes it away`;
    return { name, status: 'warning', text: `${text}: prepared, and never deployed`, fix };
  }
  if (status.endsWith('_IN_PROGRESS')) {
    const fix = hint`wait, or follow it: ${[...DEPLOY, '--attach']}`;
    return { name, status: 'warning', text, fix };
  }
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    const fix = hint`the settings before it are in force; deploy again: ${DEPLOY}`;
    return { name, status: 'warning', text: `${text}: the last change failed`, fix };
  }
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return { name, status: 'ok', text };
  const fix = hint`it is safe to deploy again, which mends or replaces it: ${DEPLOY}`;
  return { name, status: 'failed', text: `${text}${reason}`, fix };
}

function checkIntegrations({ problems }: StackStatus, { integrations }: LiveSettings): Finding {
  const name = 'integration';
  if (integrations.type === 'unknown') {
    const text = `the integrations could not be read: ${integrations.reason}`;
    return { name, status: 'note', text };
  }
  if (problems.length > 0) {
    return { name, status: 'failed', text: problems.join('; '), fix: INTEGRATION_HINT };
  }
  return { name, status: 'ok', text: 'the integrations stream (transfer mode, URI and timeout)' };
}

/** States in which a function runs; an idle one is put away and comes back with the next call (Lambda guide, "Function states"). */
const RUNNING = new Set([undefined, 'Active', 'Inactive']);

function checkFunction(found: LiveSettings['function']): Finding {
  const name = 'function';
  if (found.type === 'unknown') {
    return { name, status: 'note', text: `the function could not be read: ${found.reason}` };
  }
  const { state, stateReason, reservedConcurrency }: FunctionSettings = found.value;
  if (reservedConcurrency === 0) {
    const fix = 'raise or remove its reserved concurrency: aws lambda delete-function-concurrency';
    return { name, status: 'failed', text: 'the function may not run: its reserve is 0', fix };
  }
  if (RUNNING.has(state)) return { name, status: 'ok', text: 'the function is ready' };
  const text = `the function is ${state}${stateReason ? `: ${stateReason}` : ''}`;
  return state === 'Pending'
    ? { name, status: 'warning', text, fix: 'wait a moment' }
    : { name, status: 'failed', text, fix: hint`deploy again: ${DEPLOY}` };
}

function checkEndpointType({ endpointType, idleLimitMs }: StackStatus): Finding {
  const name = 'endpoint-type';
  const text = `the endpoint is ${endpointType}: a stream may be silent for ${(idleLimitMs ?? 0) / 1_000} s`;
  return endpointType === 'EDGE'
    ? { name, status: 'warning', text, fix: hint`${[...DEPLOY, '--endpoint-type', 'regional']}` }
    : { name, status: 'ok', text };
}

/** Nothing for a stack without a domain. */
function* checkDomain({ parameters, outputs }: Stack, region: string): Generator<Finding> {
  const arn = parameters['CertificateArn'];
  if (!outputs['DomainName'] || !arn) return;
  const type = outputs['EndpointType'] ?? 'REGIONAL';
  const { check: name, status, text, hint: fix } = checkCertificate(arn, type, region);
  yield { name, status, text, fix };
}

function* checkSettings({
  stack: { parameters, outputs },
  idleLimitMs,
  drift,
}: StackStatus): Generator<Finding> {
  const heartbeatMs = Number(parameters['HeartbeatMs'] ?? 0);
  if (heartbeatMs === 0 || heartbeatMs >= (idleLimitMs ?? Infinity)) {
    yield {
      name: 'heartbeat',
      status: 'warning',
      text:
        heartbeatMs === 0
          ? 'there is no heartbeat: a long silence of the agent cuts the stream'
          : 'the heartbeat comes later than the idle limit cuts',
      fix: hint`${[...DEPLOY, '--heartbeat', '15s']}`,
    };
  }
  if ((outputs['AuthMode'] ?? parameters['AuthMode']) === 'none') {
    yield {
      name: 'auth',
      status: 'warning',
      text: 'anyone who knows the URL can call the agent at your cost',
      fix: hint`${[...DEPLOY, '--auth', 'api-key']}`,
    };
  }
  if (drift.length > 0) {
    const words = drift.map(({ what, stack, live }) => `${what} is ${live}, not ${stack}`);
    yield {
      name: 'drift',
      status: 'warning',
      text: `changed behind the stack: ${words.join('; ')}`,
      fix: hint`set it back by hand, or change the setting by ${DEPLOY}, which then sets it`,
    };
  }
}
