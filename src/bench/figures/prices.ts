import { UsageError } from '../../cli/errors.ts';
import type { PriceTable } from './report-schema.ts';

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
    const names = Object.entries(table).flatMap(([known, price]) =>
      typeof price === 'number' ? known : [],
    );
    if (!names.includes(name) || !/^\d*\.?\d+(?:e-?\d+)?\s*$/i.test(amount)) {
      throw new UsageError('INVALID_PRICE', `not a price: ${override}`, {
        hint: `--price lambdaGbSecond=0.00002; names: ${names.join(', ')}`,
      });
    }
    return { ...table, [name]: Number(amount) };
  }, prices);
}
