import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsAccess, withClients } from '../aws/aws-access.ts';
import type { Stack } from '../aws/stack.ts';
import { INTEGRATION_HINT } from '../stack/integrations.ts';
import { type LiveSettings, readLiveSettings } from '../stack/live-settings.ts';
import { hint } from '../cli/errors.ts';
import { type StackStatus, stackStatus } from '../stack/stack-status.ts';
import { type Check, failed, note, ok, warning } from './check.ts';

const DEPLOY = ['agentstream', 'deploy'];

/** The stack and what it has made, as the services have it now. @param region of the stack */
export async function* checkStack(stack: Stack, access: AwsAccess, region: string): AsyncGenerator<Check, void> {
  yield checkState(stack);
  const live = await withClients(access, [APIGatewayClient, LambdaClient], (apiGateway, lambda) =>
    readLiveSettings(stack, apiGateway, lambda),
  );
  if (!live) return;
  const facts = stackStatus(stack, live, { region, url: undefined, timeScale: access.timeScale });
  yield checkIntegrations(facts, live);
  yield checkFunction(live.function);
  yield checkEndpointType(facts);
  const { CertificateArn: certificate } = stack.parameters;
  const { DomainName: domain, EndpointType: type = 'REGIONAL' } = stack.outputs;
  if (domain && certificate) yield checkCertificate(certificate, type, region);
  yield* checkSettings(facts);
}

function checkState({ name: stackName, status, statusReason }: Stack): Check {
  const name = 'state';
  const text = `the stack ${stackName} is ${status}`;
  if (status === 'REVIEW_IN_PROGRESS') {
    const cure = hint`${DEPLOY} makes it, ${['agentstream', 'destroy']} takes it away`;
    return warning(name, `${text}: prepared, and never deployed`, cure);
  }
  if (status.endsWith('_IN_PROGRESS')) return warning(name, text, hint`wait, or follow it: ${[...DEPLOY, '--attach']}`);
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    const cure = hint`the settings before it are in force; deploy again: ${DEPLOY}`;
    return warning(name, `${text}: the last change failed`, cure);
  }
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return ok(name, text);
  const cure = hint`it is safe to deploy again, which mends or replaces it: ${DEPLOY}`;
  return failed(name, `${text}${statusReason ? `: ${statusReason}` : ''}`, cure);
}

function checkIntegrations({ problems }: StackStatus, { integrations }: LiveSettings): Check {
  const name = 'integration';
  if (integrations.type === 'unknown') return note(name, `the integrations could not be read: ${integrations.reason}`);
  if (problems.length > 0) return failed(name, problems.join('; '), INTEGRATION_HINT);
  return ok(name, 'the integrations stream (transfer mode, URI and timeout)');
}

/** States in which a function runs; an idle one is put away and comes back with the next call (Lambda guide, "Function states"). */
const RUNNING = new Set([undefined, 'Active', 'Inactive']);

function checkFunction(found: LiveSettings['function']): Check {
  const name = 'function';
  if (found.type === 'unknown') return note(name, `the function could not be read: ${found.reason}`);
  const { state, stateReason, reservedConcurrency } = found.value;
  if (reservedConcurrency === 0) {
    const cure = 'raise or remove its reserved concurrency: aws lambda delete-function-concurrency';
    return failed(name, 'the function may not run: its reserve is 0', cure);
  }
  if (RUNNING.has(state)) return ok(name, 'the function is ready');
  const text = `the function is ${state}${stateReason ? `: ${stateReason}` : ''}`;
  return state === 'Pending' ? warning(name, text, 'wait a moment') : failed(name, text, hint`deploy again: ${DEPLOY}`);
}

function checkEndpointType({ endpointType, idleLimitMs }: StackStatus): Check {
  const name = 'endpoint-type';
  const text = `the endpoint is ${endpointType}: a stream may be silent for ${(idleLimitMs ?? 0) / 1_000} s`;
  return endpointType === 'EDGE' ? warning(name, text, hint`${[...DEPLOY, '--endpoint-type', 'regional']}`) : ok(name, text);
}

function* checkSettings({ stack: { parameters, outputs }, idleLimitMs, drift }: StackStatus): Generator<Check> {
  const heartbeatMs = Number(parameters['HeartbeatMs'] ?? 0);
  if (heartbeatMs === 0 || heartbeatMs >= (idleLimitMs ?? Infinity)) {
    const text =
      heartbeatMs === 0
        ? 'there is no heartbeat: a long silence of the agent cuts the stream'
        : 'the heartbeat comes later than the idle limit cuts';
    yield warning('heartbeat', text, hint`${[...DEPLOY, '--heartbeat', '15s']}`);
  }
  if ((outputs['AuthMode'] ?? parameters['AuthMode']) === 'none') {
    const text = 'anyone who knows the URL can call the agent at your cost';
    yield warning('auth', text, hint`${[...DEPLOY, '--auth', 'api-key']}`);
  }
  if (drift.length > 0) {
    const words = drift.map(({ what, stack, live }) => `${what} is ${live}, not ${stack}`);
    const cure = hint`set it back by hand, or change the setting by ${DEPLOY}, which then sets it`;
    yield warning('drift', `changed behind the stack: ${words.join('; ')}`, cure);
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
  if (place === wanted) return ok(name, `the certificate is in ${wanted}, where it is looked for`);
  const kind = endpointType === 'EDGE' ? 'an edge-optimised API' : `a regional API in ${region}`;
  const ask = ['aws', 'acm', 'request-certificate', '--region', wanted, '--domain-name', 'NAME', '--validation-method', 'DNS'];
  const text = `the certificate is in ${place}; ${kind} needs one of ${wanted}`;
  return failed(name, text, hint`ask for one there: ${ask}`, 'CERTIFICATE_ELSEWHERE');
}
