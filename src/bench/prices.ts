/** Prices in USD. `asOf` is the day on which they were looked up. */
export interface PriceTable {
  readonly asOf: string;
  readonly region: string;
  /** A request of a REST API; each started 10 MB of a streamed answer is one. */
  readonly apiGatewayRequest: number;
  readonly lambdaRequest: number;
  readonly lambdaGbSecond: number;
  /** Streamed past the first 6 MB of an answer. */
  readonly lambdaStreamedGb: number;
  readonly dataTransferGb: number;
  readonly agentCoreVcpuHour: number;
  readonly agentCoreGbHour: number;
  /** Of the model, per million; 0: not known, left out and said. */
  readonly inputTokensMillion: number;
  readonly outputTokensMillion: number;
}
