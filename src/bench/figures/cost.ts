import type { PriceTable } from './report-schema.ts';
import type { Cost } from './summary.ts';
import { ASSUMED_MEMORY_MB, type Usage } from './usage.ts';
import { UsageError } from '../../cli/errors.ts';

type Part = Cost['parts'][number];

const GB = 1_000_000_000;
const MB_MS_IN_GB_SECOND = 1_024 * 1_000;
const HOUR_MS = 3_600_000;
const MILLION = 1_000_000;

/**
 * The cost of a usage at these prices.
 * @param goodStreams how many of its turns ended well; undefined where that is not known
 */
export function costOf(usage: Usage, prices: PriceTable, goodStreams?: number): Cost {
  const parts = partsOf(usage, prices).filter(({ amount }) => amount > 0);
  const total = parts.reduce((sum, { amount }) => sum + amount, 0);
  return {
    total,
    parts,
    perThousandTurns: usage.turns === 0 ? 0 : (total / usage.turns) * 1_000,
    ...(goodStreams !== undefined && goodStreams > 0 && { perGoodStream: total / goodStreams }),
    leftOut: leftOutOf(usage, prices),
  };
}

function partsOf(usage: Usage, prices: PriceTable): Part[] {
  const gbSeconds = usage.lambdaMbMs / MB_MS_IN_GB_SECOND;
  const agentHours = usage.agentMs / HOUR_MS;
  return [
    {
      name: 'API Gateway requests',
      amount: usage.apiGatewayRequests * prices.apiGatewayRequest,
      quantity: say(usage.apiGatewayRequests, 'requests'),
    },
    {
      name: 'Lambda requests',
      amount: usage.lambdaRequests * prices.lambdaRequest,
      quantity: say(usage.lambdaRequests, 'requests'),
    },
    {
      name: 'Lambda duration',
      amount: gbSeconds * prices.lambdaGbSecond,
      quantity: say(gbSeconds, 'GB-seconds'),
    },
    {
      name: 'Lambda streamed past 6 MB',
      amount: (usage.lambdaStreamedBytes / GB) * prices.lambdaStreamedGb,
      quantity: say(usage.lambdaStreamedBytes / GB, 'GB'),
    },
    {
      name: 'data transfer out',
      amount: (usage.transferBytes / GB) * prices.dataTransferGb,
      quantity: say(usage.transferBytes / GB, 'GB'),
    },
    {
      name: 'AgentCore, if it kept 1 vCPU and 1 GB busy all the time',
      amount: agentHours * (prices.agentCoreVcpuHour + prices.agentCoreGbHour),
      quantity: say(agentHours * 3_600, 'seconds of streams'),
    },
    {
      name: "the model's tokens",
      amount:
        (usage.inputTokens / MILLION) * prices.inputTokensMillion + (usage.outputTokens / MILLION) * prices.outputTokensMillion,
      quantity: `${say(usage.inputTokens, 'in')}, ${say(usage.outputTokens, 'out')}`,
    },
  ];
}

function leftOutOf(usage: Usage, prices: PriceTable): string[] {
  const { inputTokens, outputTokens, agentMs, assumedMemory, left } = usage;
  const { inputTokensMillion, outputTokensMillion } = prices;
  const isPriced = (inputTokens === 0 || inputTokensMillion > 0) && (outputTokens === 0 || outputTokensMillion > 0);
  const tokens = `${say(inputTokens, 'in')}, ${say(outputTokens, 'out')}`;
  return [
    agentMs > 0 && inputTokens + outputTokens === 0 && "the model's tokens: the streams did not report them",
    !isPriced &&
      `the price of the model's tokens (${tokens}) is not known: --price inputTokensMillion=3 --price outputTokensMillion=15 would set it`,
    agentMs > 0 &&
      'what AgentCore charges for a session between its turns and until it ends, and CPU or memory past 1 vCPU and 1 GB',
    assumedMemory > 0 && `the memory of the function is not known: ${ASSUMED_MEMORY_MB} MB are assumed`,
    left > 0 &&
      `${say(left, left === 1 ? 'stream' : 'streams')} left or cut before the end: the function may have gone on, and is charged to its own end`,
    (usage.apiGatewayRequests > 0 || usage.lambdaRequests > 0) &&
      'logs, and services beside the stream: authorizer, firewall, tracing',
  ].filter((sentence) => sentence !== false);
}

function say(amount: number, unit: string): string {
  const digits = amount < 10 && !Number.isInteger(amount) ? 3 : 0;
  return `${amount.toLocaleString('en-US', digits === 0 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: digits })} ${unit}`;
}

/**
 * List prices of the first tier, on demand, without free allowances; Lambda on arm64. As third parties quote them: look at the
 * pricing pages of AWS for your own Region.
 */
export const LIST_PRICES: PriceTable = {
  asOf: '2026-11-22',
  region: 'us-east-1',
  apiGatewayRequest: 3.5 / 1_000_000,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGbSecond: 0.0000133334,
  lambdaStreamedGb: 0.008,
  dataTransferGb: 0.09,
  agentCoreVcpuHour: 0.0895,
  agentCoreGbHour: 0.00945,
  inputTokensMillion: 0,
  outputTokensMillion: 0,
};

/**
 * Prices with some of them replaced.
 * @param overrides each `NAME=USD`, as `--price lambdaGbSecond=0.00002`
 * @throws {UsageError} INVALID_PRICE
 */
export function overridePrices(prices: PriceTable, overrides: readonly string[]): PriceTable {
  return overrides.reduce((table, override) => {
    const [, name = '', amount = ''] = /^\s*(\w+)\s*=\s*(.+)$/.exec(override) ?? [];
    const names = Object.entries(table).flatMap(([known, price]) => (typeof price === 'number' ? known : []));
    if (!names.includes(name) || !/^\d*\.?\d+(?:e-?\d+)?\s*$/i.test(amount)) {
      throw new UsageError('INVALID_PRICE', `not a price: ${override}`, {
        hint: `--price lambdaGbSecond=0.00002; names: ${names.join(', ')}`,
      });
    }
    return { ...table, [name]: Number(amount) };
  }, prices);
}
