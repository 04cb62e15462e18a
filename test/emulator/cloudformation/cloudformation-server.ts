import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type CreateChangeSetCommandInput,
  type DescribeChangeSetCommandOutput,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../../src/emulator/kernel/aws-error.ts';
import type { AwsRequest, Service } from '../../../src/emulator/kernel/service.ts';
import { createCloudFormation } from '../../../src/emulator/cloudformation/service.ts';
import type { CloudFormationOptions } from '../../../src/emulator/cloudformation/options.ts';
import { createIam } from '../../../src/emulator/iam/service.ts';
import { roleProvider } from '../../../src/emulator/iam/resources/role.ts';
import { logGroupProvider } from '../../../src/emulator/logs/resources/log-group.ts';
import type { LogGroups } from '../../../src/emulator/logs/store.ts';
import { sendQueryError } from '../../../src/emulator/protocols/query.ts';
import { createThings, type Things } from './things.ts';

export const PLACE = { partition: 'aws', region: 'eu-central-1', accountId: '111122223333' };

export interface CloudFormationServer {
  readonly url: string;
  readonly client: CloudFormationClient;
  readonly things: Things;
  readonly logGroups: LogGroups;
  readonly service: Service;
  /** Polls, without a pause, until no operation runs on the stack any more. */
  settled(nameOrArn: string): Promise<Stack>;
  /** Makes a change set and polls until it is made or has failed. */
  prepare(input: CreateChangeSetCommandInput): Promise<DescribeChangeSetCommandOutput>;
  /** All events of a stack, oldest first, as `LogicalId STATUS` or `LogicalId STATUS: reason`. */
  story(nameOrArn: string): Promise<string[]>;
  close(): Promise<void>;
}

/** The service alone behind a socket, with real and test-made resource types. */
export async function startCloudFormation(options: CloudFormationOptions = {}): Promise<CloudFormationServer> {
  const things = createThings();
  const logGroups: LogGroups = new Map();
  const iam = createIam(PLACE);
  const service = createCloudFormation({
    place: PLACE,
    resourceProviders: [things.provider, roleProvider(iam), logGroupProvider(logGroups)],
    options,
    iam,
    emit: () => undefined,
  });
  const server = createServer((incoming, response) => void answer(service, incoming, response));
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new CloudFormationClient({
    endpoint: url,
    region: PLACE.region,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });

  return {
    url,
    client,
    things,
    logGroups,
    service,
    async settled(StackName) {
      for (;;) {
        const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
        const stack = Stacks?.[0];
        if (stack && !stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
      }
    },
    async prepare(input) {
      const { Id } = await client.send(new CreateChangeSetCommand(input));
      for (;;) {
        const changeSet = await client.send(new DescribeChangeSetCommand({ ChangeSetName: Id, IncludePropertyValues: true }));
        if (changeSet.Status !== 'CREATE_IN_PROGRESS') return changeSet;
      }
    },
    async story(StackName) {
      const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
      return StackEvents.toReversed().map((event) => {
        const { LogicalResourceId, ResourceStatus, ResourceStatusReason: reason } = event;
        return `${LogicalResourceId} ${ResourceStatus}${reason ? `: ${reason}` : ''}`;
      });
    },
    async close() {
      client.destroy();
      await service.close();
      server.closeAllConnections();
      await new Promise((closed) => void server.close(closed));
    },
  };
}

async function answer(service: Service, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const [path = '/', query] = (incoming.url ?? '/').split('?');
  const [, accessKeyId = '', , region = '', name = ''] =
    /Credential=([^/]+)\/(\d+)\/([^/]+)\/([^/]+)/.exec(incoming.headers.authorization ?? '') ?? [];
  const request: AwsRequest = {
    requestId: randomUUID(),
    method: incoming.method ?? '',
    path,
    query: new URLSearchParams(query),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
    service: name,
    region,
    accessKeyId,
    signal: new AbortController().signal,
  };
  try {
    await service.handle(request, response);
  } catch (error) {
    const failure = error instanceof AwsError ? error : new AwsError('InternalFailure', 500, String(error));
    sendQueryError(response, failure, request.requestId);
  }
}
