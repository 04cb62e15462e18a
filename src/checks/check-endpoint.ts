import type { AwsAccess } from '../aws/aws-access.ts';
import type { GivenCredentials } from '../endpoint/credentials.ts';
import { LOGS } from '../endpoint/endpoint-error.ts';
import { AgentstreamError, type Hint, hint, isAbort } from '../cli/errors.ts';
import type { Stack } from '../aws/stack.ts';
import { redactArns } from '../aws/arns.ts';
import type { Proof } from './proof.ts';
import { excuseOf } from './await-endpoint.ts';
import { proveStack } from './prove-endpoint.ts';
import { COMPARE_HOPS, priceOf } from './proof-lines.ts';
import { type Check, failed, note, ok } from './check.ts';

/** An endpoint that is not new serves at once; a little for one that is. */
const PATIENCE_MS = 3_000;

/** Whether the endpoint can be reached, lets us in and streams: it runs the function's own probe, which costs no tokens. */
export async function* checkEndpoint(stack: Stack, access: AwsAccess, given: GivenCredentials | undefined, signal: AbortSignal) {
  if (!stack.outputs['ApiId']) {
    yield note('serves', 'there is no endpoint yet');
    return;
  }
  let proof: Proof;
  try {
    const options = { signal, maxOutageMs: PATIENCE_MS };
    proof = await proveStack(stack, access, { ...options, ...(given && { given }) });
  } catch (error) {
    if (isAbort(error) || !(error instanceof AgentstreamError)) throw error;
    yield note('serves', `the endpoint was not tried: ${redactArns(error.message)}`, error.hint);
    return;
  }
  if (proof.type === 'not-serving') {
    const excuse = excuseOf(proof.last);
    const text = `the endpoint does not serve: ${proof.last.failure?.message ?? 'no answer'}`;
    yield excuse === undefined
      ? failed('serves', text, hintFor(proof.last.status))
      : note('serves', `whether it streams is not proved: ${excuse}`);
    return;
  }
  yield ok('serves', 'the endpoint serves');
  yield judge(proof);
}

function hintFor(status: number | undefined): Hint {
  if (status === undefined) return 'check the network, any proxy, and DNS of the endpoint';
  if (status === 403) return hint`check who may call: ${['agentstream', 'status']}; WAF and policies, too`;
  return hint`look into its logs: ${LOGS}`;
}

function judge(proof: Exclude<Proof, { readonly type: 'not-serving' }>): Check {
  const name = 'streams';
  if (proof.type === 'no-probe') return note(name, 'its function has no probe: whether it streams was not measured');
  const { probes, verdict, heartbeatLeaves, holding, cure } = proof;
  if (verdict === undefined) {
    const last = probes.findLast((probe) => probe.failure);
    return failed(name, `no probe ended well: ${last?.failure?.message ?? 'none could be judged'}`, hintFor(last?.status));
  }
  const count = probes.filter((probe) => probe.verdict?.name === verdict).length;
  const of = `${count} of ${probes.length} probes`;
  const streams = `it streams (${of})`;
  if (verdict === 'streaming' && heartbeatLeaves !== false) return ok(name, streams);
  const cureHint =
    cure === undefined
      ? hint`compare with the hop below: ${COMPARE_HOPS}`
      : hint`${['agentstream', 'deploy', '--flush-mode', String(cure)]}`;
  const remedy = cure === undefined ? '' : `; the flush mode ${cure} cures it, ${priceOf(cure)}`;
  if (verdict === 'streaming') return failed(name, `${streams}, but heartbeats do not leave${remedy}`, cureHint);
  const found = `${verdict}${holding === undefined ? '' : `, ${holding}`}`;
  return failed(name, `it does not stream as it should: ${found} (${of})${remedy}`, cureHint);
}
