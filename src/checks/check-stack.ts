import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsAccess, clientConfig } from '../aws/aws-access.ts';
import type { Stack } from '../aws/stack.ts';
import { INTEGRATION_HINT } from '../stack/integrations.ts';
import { type FunctionSettings, type LiveSettings, readLiveSettings } from '../stack/live-settings.ts';
import { hint } from '../cli/hint.ts';
import { type StackStatus, stackStatus } from '../stack/stack-status.ts';
import type { Check } from './check.ts';

const DEPLOY = ['agentstream', 'deploy'];

/**
 * The stack and what it has made, as the services have it now.
 * @param region of the stack
 */
export async function* checkStack(stack: Stack, access: AwsAccess, region: string): AsyncGenerator<Check, undefined> {
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

function checkState({ name: stackName, status, statusReason }: Stack): Check {
  const name = 'state';
  const reason = statusReason ? `: ${statusReason}` : '';
  const text = `the stack ${stackName} is ${status}`;
  if (status === 'REVIEW_IN_PROGRESS') {
    const cure = hint`${DEPLOY} makes it, ${['agentstream', 'destroy']} takes it away`;
    return { name, status: 'warning', text: `${text}: prepared, and never deployed`, hint: cure };
  }
  if (status.endsWith('_IN_PROGRESS')) {
    const cure = hint`wait, or follow it: ${[...DEPLOY, '--attach']}`;
    return { name, status: 'warning', text, hint: cure };
  }
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    const cure = hint`the settings before it are in force; deploy again: ${DEPLOY}`;
    return { name, status: 'warning', text: `${text}: the last change failed`, hint: cure };
  }
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return { name, status: 'ok', text };
  const cure = hint`it is safe to deploy again, which mends or replaces it: ${DEPLOY}`;
  return { name, status: 'failed', text: `${text}${reason}`, hint: cure };
}

function checkIntegrations({ problems }: StackStatus, { integrations }: LiveSettings): Check {
  const name = 'integration';
  if (integrations.type === 'unknown') {
    const text = `the integrations could not be read: ${integrations.reason}`;
    return { name, status: 'note', text };
  }
  if (problems.length > 0) {
    return { name, status: 'failed', text: problems.join('; '), hint: INTEGRATION_HINT };
  }
  return { name, status: 'ok', text: 'the integrations stream (transfer mode, URI and timeout)' };
}

/** States in which a function runs; an idle one is put away and comes back with the next call (Lambda guide, "Function states"). */
const RUNNING = new Set([undefined, 'Active', 'Inactive']);

function checkFunction(found: LiveSettings['function']): Check {
  const name = 'function';
  if (found.type === 'unknown') {
    return { name, status: 'note', text: `the function could not be read: ${found.reason}` };
  }
  const { state, stateReason, reservedConcurrency }: FunctionSettings = found.value;
  if (reservedConcurrency === 0) {
    const cure = 'raise or remove its reserved concurrency: aws lambda delete-function-concurrency';
    return { name, status: 'failed', text: 'the function may not run: its reserve is 0', hint: cure };
  }
  if (RUNNING.has(state)) return { name, status: 'ok', text: 'the function is ready' };
  const text = `the function is ${state}${stateReason ? `: ${stateReason}` : ''}`;
  return state === 'Pending'
    ? { name, status: 'warning', text, hint: 'wait a moment' }
    : { name, status: 'failed', text, hint: hint`deploy again: ${DEPLOY}` };
}

function checkEndpointType({ endpointType, idleLimitMs }: StackStatus): Check {
  const name = 'endpoint-type';
  const text = `the endpoint is ${endpointType}: a stream may be silent for ${(idleLimitMs ?? 0) / 1_000} s`;
  return endpointType === 'EDGE'
    ? { name, status: 'warning', text, hint: hint`${[...DEPLOY, '--endpoint-type', 'regional']}` }
    : { name, status: 'ok', text };
}

/** Nothing for a stack without a domain. */
function* checkDomain({ parameters, outputs }: Stack, region: string): Generator<Check> {
  const arn = parameters['CertificateArn'];
  if (!outputs['DomainName'] || !arn) return;
  const type = outputs['EndpointType'] ?? 'REGIONAL';
  yield checkCertificate(arn, type, region);
}

function* checkSettings({ stack: { parameters, outputs }, idleLimitMs, drift }: StackStatus): Generator<Check> {
  const heartbeatMs = Number(parameters['HeartbeatMs'] ?? 0);
  if (heartbeatMs === 0 || heartbeatMs >= (idleLimitMs ?? Infinity)) {
    yield {
      name: 'heartbeat',
      status: 'warning',
      text:
        heartbeatMs === 0
          ? 'there is no heartbeat: a long silence of the agent cuts the stream'
          : 'the heartbeat comes later than the idle limit cuts',
      hint: hint`${[...DEPLOY, '--heartbeat', '15s']}`,
    };
  }
  if ((outputs['AuthMode'] ?? parameters['AuthMode']) === 'none') {
    yield {
      name: 'auth',
      status: 'warning',
      text: 'anyone who knows the URL can call the agent at your cost',
      hint: hint`${[...DEPLOY, '--auth', 'api-key']}`,
    };
  }
  if (drift.length > 0) {
    const words = drift.map(({ what, stack, live }) => `${what} is ${live}, not ${stack}`);
    yield {
      name: 'drift',
      status: 'warning',
      text: `changed behind the stack: ${words.join('; ')}`,
      hint: hint`set it back by hand, or change the setting by ${DEPLOY}, which then sets it`,
    };
  }
}

/** Where CloudFront looks for certificates (developer guide, "Custom domain name certificates" of edge-optimised APIs). */
const EDGE_REGION = 'us-east-1';

/**
 * Whether a certificate is in the Region that API Gateway looks for it in: the API's, and for an edge-optimised one us-east-1.
 * @param arn of the certificate
 * @param region of the stack
 */
export function checkCertificate(arn: string, endpointType: string, region: string): Check {
  const name = 'certificate';
  const [, , , place = ''] = arn.split(':');
  const wanted = endpointType === 'EDGE' ? EDGE_REGION : region;
  if (place === wanted) {
    return { name, status: 'ok', text: `the certificate is in ${wanted}, where it is looked for` };
  }
  const kind = endpointType === 'EDGE' ? 'an edge-optimised API' : `a regional API in ${region}`;
  return {
    name,
    status: 'failed',
    code: 'CERTIFICATE_ELSEWHERE',
    text: `the certificate is in ${place}; ${kind} needs one of ${wanted}`,
    hint: hint`ask for one there: ${['aws', 'acm', 'request-certificate', '--region', wanted, '--domain-name', 'NAME', '--validation-method', 'DNS']}`,
  };
}
