import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentInvocation } from '../../src/emulator/index.ts';
import { resolveAwsAccess } from '../../src/aws/aws-access.ts';
import { runTurn } from '../../src/endpoint/run-turn.ts';
import { openHop } from '../helpers/open-hop.ts';
import { type ActingAgent, createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, REGION, startChain } from '../helpers/chain.ts';
import { json, openStream, send } from '../helpers/post.ts';

const SESSION = 'shared-session-0123456789-0123456789-0123456789';
const USER_HEADER = 'x-amzn-bedrock-agentcore-runtime-user-id';
const POOL = `arn:aws:cognito-idp:${REGION}:000000000000:userpool/${REGION}_Test00001`;

let agent: ActingAgent;
/** Two API keys, and sessions that belong to them. */
let keys: Chain;
/** A user pool whose users the agent is told of. */
let pool: Chain;
let keyOf: Record<'ada' | 'eve', { 'x-api-key': string }>;
let tokenOf: Record<'ada' | 'eve', { authorization: string }>;

beforeAll(async () => {
  agent = createActingAgent();
  keys = await startChain(agent, { parameters: { AuthMode: 'api-key', SessionScope: 'caller', KeepsOtherApiKey: 'yes' } });
  const client = new APIGatewayClient({ endpoint: keys.emulator.url, region: REGION, credentials: keys.emulator.credentials });
  const valueOf = async (output: string): Promise<{ 'x-api-key': string }> => {
    const apiKey = keys.outputs[output];
    const { value = '' } = await client.send(new GetApiKeyCommand({ apiKey, includeValue: true }));
    return { 'x-api-key': value };
  };
  keyOf = { ada: await valueOf('ApiKeyId'), eve: await valueOf('OtherApiKeyId') };
  client.destroy();

  pool = await startChain(agent, {
    userPools: [POOL],
    parameters: { AuthMode: 'cognito', UserPoolArn: POOL, SessionScope: 'caller', UserIdFrom: 'claim:email' },
  });
  const bearer = async (claims: Record<string, string>): Promise<{ authorization: string }> => ({
    authorization: `Bearer ${await pool.emulator.issueToken(POOL, claims)}`,
  });
  tokenOf = { ada: await bearer({ sub: 'ada-sub', email: 'ada@example.com' }), eve: await bearer({ sub: 'eve-sub' }) };
});
afterAll(async () => {
  await keys?.close();
  await pool?.close();
});

const seen = (prompt: string): AgentInvocation[] => agent.invocations.filter(({ payload }) => payload.includes(`"${prompt}"`));

test('one session id of two callers is two sessions, and each keeps its own', async () => {
  for (const headers of [keyOf.ada, keyOf.eve, keyOf.ada]) {
    const body = { prompt: 'whose session', session_id: SESSION };
    const answer = await send('POST', `${keys.url}/invoke`, body, headers);
    expect(answer.status).toBe(200);
    // The client knows its own id, and nothing of what became of it.
    expect(answer.headers['x-session-id']).toBe(SESSION);
  }
  const [first, other, again] = seen('whose session').map(({ sessionId }) => sessionId);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(other).not.toBe(first);
  expect(again).toBe(first);
});

test('nobody stops the session of another', async () => {
  agent.on('endless', { acts: [{ write: 'data: "a"\n\n' }, { wait: new Promise(() => undefined) }] });
  const body = { prompt: 'endless', session_id: SESSION };
  const stream = await openStream(`${keys.url}/invoke`, body, keyOf.ada);
  await stream.next();
  const stop = (headers: Record<string, string>) =>
    send('DELETE', `${keys.url}/invoke`, undefined, { ...headers, 'X-Session-Id': SESSION });
  expect((await stop(keyOf.eve)).status).not.toBe(500);
  expect(agent.stopped).not.toContain('endless');
  const own = await stop(keyOf.ada);
  expect([own.status, json(own)]).toEqual([200, { session_id: SESSION, status: 'stopped' }]);
  await stream.rest();
  expect(agent.stopped).toContain('endless');
});

test('an error names the session as the client knows it', async () => {
  agent.on('fails', { status: 500, acts: [] });
  const body = { prompt: 'fails', session_id: SESSION };
  const answer = await send('POST', `${keys.url}/invoke`, body, keyOf.ada);
  expect([answer.status, answer.headers['x-session-id']]).toEqual([424, SESSION]);
  expect(answer.text).not.toContain(seen('fails')[0]?.sessionId);
});

test('the agent learns the user that the gateway has verified, whatever the client says', async () => {
  const forged = { ...tokenOf.ada, [USER_HEADER]: 'eve@example.com' };
  const body = { prompt: 'who am I', session_id: SESSION, user_id: 'eve@example.com' };
  expect((await send('POST', `${pool.url}/invoke`, body, forged)).status).toBe(200);
  expect(seen('who am I')[0]?.headers[USER_HEADER]).toBe('ada@example.com');
});

test('without the claim there is no call, and a code for it', async () => {
  const body = { prompt: 'nobody', session_id: SESSION };
  const headers = { ...tokenOf.eve, [USER_HEADER]: 'ada@example.com' };
  const answer = await send('POST', `${pool.url}/invoke`, body, headers);
  expect([answer.status, json(answer)]).toEqual([
    403,
    {
      error: 'the identity of the caller has no usable claim email',
      code: 'CALLER_UNKNOWN',
      requestId: answer.headers['x-amzn-requestid'],
    },
  ]);
  expect(seen('nobody')).toEqual([]);
});

test('two who sign are two callers', async () => {
  const signers = ['ADA', 'EVE'].map((name) => ({ accessKeyId: `AKIA${name}`, secretAccessKey: `secret-of-${name}` }));
  const signed = await startChain(agent, {
    principals: signers,
    parameters: { AuthMode: 'iam', SessionScope: 'caller', UserIdFrom: 'principal' },
  });
  try {
    for (const { accessKeyId, secretAccessKey } of signers) {
      const access = resolveAwsAccess(
        {},
        { ...signed.env, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
      );
      const { transport, close } = await openHop('api', { stackName: 'chain' }, access);
      const turn = { prompt: 'signed', sessionId: SESSION };
      const result = await runTurn(transport, turn, {}, new AbortController().signal);
      await close();
      expect([result.status, result.sessionId]).toEqual([200, SESSION]);
    }
    const [ada, eve] = seen('signed');
    expect(ada?.sessionId).not.toBe(eve?.sessionId);
    expect([ada, eve].map((one) => one?.headers[USER_HEADER])).toEqual([
      'arn:aws:iam::000000000000:user/AKIAADA',
      'arn:aws:iam::000000000000:user/AKIAEVE',
    ]);
  } finally {
    await signed.close();
  }
});

test('unless it is set to, the function tells of nobody: a header of the client ends here', async () => {
  const body = { prompt: 'plain', session_id: SESSION };
  await send('POST', `${keys.url}/invoke`, body, { ...keyOf.ada, [USER_HEADER]: 'ada' });
  expect(seen('plain')[0]?.headers).not.toHaveProperty(USER_HEADER);
});
