import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { PartSink } from './exchange.ts';

/** How the AWS services are reached, and whose errors are told how. */
export interface SdkAccess {
  /** Constructor options of an SDK client. */
  readonly config: {
    readonly region?: string;
    readonly endpoint?: string;
    readonly profile?: string;
    readonly credentials?: {
      accessKeyId: string;
      secretAccessKey: string;
      sessionToken?: string;
    };
  };
  /** Turns what the SDK threw without having asked the service (no credentials, no Region) into an error of ours. */
  readonly explain: (error: unknown) => Error;
}

/**
 * Options of a client that measures: nothing is retried, no limit but ours cuts a stream, and a turn has a connection of its own,
 * as through the API.
 */
export function sdkClientConfig({ config }: SdkAccess) {
  const agentOptions = { keepAlive: false, maxSockets: Number.POSITIVE_INFINITY };
  return {
    ...config,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 0,
      requestTimeout: 0,
      socketTimeout: 0,
      httpAgent: watchConnections(new HttpAgent(agentOptions), 'connect'),
      httpsAgent: watchConnections(new HttpsAgent(agentOptions), 'secureConnect'),
    },
  };
}

/** The turn for which a connection is being opened. */
const connecting = new AsyncLocalStorage<PartSink>();

/** Runs a call of an SDK client on behalf of a turn, which is told when the connection stands. */
export function callFor<T>(sink: PartSink, call: () => Promise<T>): Promise<T> {
  return connecting.run(sink, call);
}

interface ConnectionSource {
  createConnection(options: object, callback?: unknown): Duplex | null | undefined;
}

/** The SDK's own connect timeout ends with TCP and leaves a TLS handshake out, so the agent that it uses tells us. */
function watchConnections<A extends HttpAgent>(agent: A, event: 'connect' | 'secureConnect'): A {
  const source = agent as unknown as ConnectionSource;
  const create = source.createConnection.bind(agent);
  source.createConnection = (options, callback) => {
    const sink = connecting.getStore();
    const socket = create(options, callback);
    return sink ? socket?.once(event, () => sink.connected()) : socket;
  };
  return agent;
}
