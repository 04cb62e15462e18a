import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { type Emulator, type EmulatorEvent, type EmulatorOptions, startEmulator } from '../../../src/emulator/index.ts';

export const REGION = 'us-east-1';
/** `GET /` without a function behind it, and a stage for it. */
const API = {
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
  Method: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: { Ref: 'Api' },
      ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      HttpMethod: 'ANY',
      AuthorizationType: 'NONE',
      MethodResponses: [{ StatusCode: '200' }],
      Integration: {
        Type: 'MOCK',
        RequestTemplates: { 'application/json': '{"statusCode": 200}' },
        PassthroughBehavior: 'WHEN_NO_TEMPLATES',
        IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { 'application/json': '$context.path' } }],
      },
    },
  },
  Deployment: { Type: 'AWS::ApiGateway::Deployment', DependsOn: 'Method', Properties: { RestApiId: { Ref: 'Api' } } },
  Stage: {
    Type: 'AWS::ApiGateway::Stage',
    Properties: { RestApiId: { Ref: 'Api' }, DeploymentId: { Ref: 'Deployment' }, StageName: 'v1' },
  },
};

/** A resource of a template. */
export interface TemplateResource {
  readonly Type?: string;
  readonly DependsOn?: string;
  readonly Properties?: object;
}

/** An emulator with a stack of an API on it. */
export interface DeployedTemplate {
  readonly emulator: Emulator;
  readonly events: readonly EmulatorEvent[];
  readonly apiId: string;
  /** Base URL of the stage. */
  readonly url: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Deletes the stack. */
  destroy(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Deploys a small API through CloudFormation.
 * @param changes properties of the API's own resources (`Api`, `Method`, `Stage`), and further resources
 */
export async function deployTemplate(
  changes: Readonly<Record<string, TemplateResource>> = {},
  options: EmulatorOptions = {},
  outputs: Readonly<Record<string, object>> = {},
): Promise<DeployedTemplate> {
  const events: EmulatorEvent[] = [];
  const emulator = await startEmulator({ ...options, onEvent: (event) => events.push(event) });
  const client = new CloudFormationClient({ endpoint: emulator.url, region: REGION, credentials: emulator.credentials });
  const Resources = { ...API, ...joined(changes) };
  const Outputs = Object.fromEntries(
    Object.entries({ ApiId: { Ref: 'Api' }, ...outputs }).map(([name, Value]) => [name, { Value }]),
  );
  const command = new CreateStackCommand({
    StackName: 'stack',
    TemplateBody: JSON.stringify({ Resources, Outputs }),
    Capabilities: ['CAPABILITY_IAM'],
    OnFailure: 'DO_NOTHING',
  });
  const settled = async (status: string, StackName: string | undefined): Promise<Readonly<Record<string, string>>> => {
    for (;;) {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
      const [stack] = Stacks;
      if (stack?.StackStatus === status) {
        return Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])) as Record<
          string,
          string
        >;
      }
      if (stack?.StackStatus?.endsWith('FAILED')) throw new Error(stack.StackStatusReason);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  try {
    const { StackId } = await client.send(command);
    const made = await settled('CREATE_COMPLETE', StackId);
    const apiId = made['ApiId'] ?? '';
    return {
      emulator,
      events,
      apiId,
      url: `${emulator.url}/_aws/execute-api/${apiId}/v1`,
      outputs: made,
      async destroy() {
        await client.send(new DeleteStackCommand({ StackName: 'stack' }));
        await settled('DELETE_COMPLETE', StackId);
      },
      async close() {
        client.destroy();
        await emulator.close();
      },
    };
  } catch (error) {
    client.destroy();
    await emulator.close();
    throw error;
  }
}

function joined(changes: Readonly<Record<string, TemplateResource>>): object {
  const known: Readonly<Record<string, TemplateResource>> = API;
  return Object.fromEntries(
    Object.entries(changes).map(([name, change]) => {
      const own = known[name];
      const Properties = { ...own?.Properties, ...change.Properties };
      return [name, { ...own, ...change, Properties }];
    }),
  );
}
