import type { ServerResponse } from 'node:http';
import type { AwsRequest } from './aws-request.ts';
import type { ResourceProvider } from './resource-provider.ts';

/** One emulated AWS service in one Region. */
export interface Service {
  /** How an error that `handle` throws is written: XML for the query protocol, else JSON. */
  readonly protocol: 'query' | 'rest-json';
  /** The CloudFormation resource types that this service provisions. */
  readonly resourceProviders: readonly ResourceProvider[];
  /**
   * Answers one API call. Ends the response itself.
   * @throws {AwsError} when nothing has been written yet and the answer is an error
   */
  handle(request: AwsRequest, response: ServerResponse): Promise<void>;
  /** Ends all that the service has running: child processes, timers, sockets. */
  close(): Promise<void>;
}
