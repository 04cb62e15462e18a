import { read } from '../../kernel/properties.ts';
import type { ResourceProvider } from '../../kernel/resource-provider.ts';
import { apiOf, type ApiStore, find, NO_BASE_PATH } from '../store.ts';
import { badRequest, conflict } from '../errors.ts';
import { pathActions } from './path-actions.ts';

/** Characters of a base path, as the AWS CDK checks them. */
const BASE_PATH = /^[A-Za-z0-9$_.+!*'()-]+$/;

/**
 * AWS::ApiGateway::BasePathMapping: maps a path of a custom domain to a stage. Without a stage, callers would name one in the path:
 * the emulator refuses that. It refuses paths of more than one level in the words of reports (hashicorp/terraform-provider-aws issue
 * 21986).
 */
export function basePathMappingProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::BasePathMapping',
    createOnly: 'DomainName BasePath',
    mutable: 'RestApiId Stage',
    required: 'DomainName',
    actions: pathActions(
      'AWS::ApiGateway::BasePathMapping',
      '/domainnames/{DomainName}/basepathmappings',
      `{BasePath=${NO_BASE_PATH}}`,
    ),
    put(step) {
      const { physicalId, properties } = step;
      const domainName = read.required(properties, 'DomainName');
      const basePath = read.string(properties, 'BasePath') || NO_BASE_PATH;
      if (physicalId === undefined) refuseNew(store, domainName, basePath);
      else find.basePathMapping(store, physicalId);
      find.domainName(store, domainName);
      const api = apiOf(store, step);
      const stage = read.string(properties, 'Stage');
      if (!stage) throw badRequest('the emulator does not support a base path mapping without Stage');
      // API reference, CreateBasePathMapping: a private API cannot be mapped to a public domain.
      if (api.settings.endpointType === 'PRIVATE')
        throw badRequest('Private APIs cannot be mapped to a public custom domain name');
      const mapping = { domainName, basePath, apiId: api.id, stage: find.stage(api, stage).stageName };
      const key = `${domainName}|${basePath}`;
      store.basePathMappings.set(key, mapping);
      return { physicalId: key, attributes: {} };
    },
    delete: ({ physicalId }) => void store.basePathMappings.delete(physicalId),
  };
}

function refuseNew(store: ApiStore, domainName: string, basePath: string): void {
  if (basePath.includes('/')) {
    throw badRequest(
      "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.",
    );
  }
  if (basePath !== NO_BASE_PATH && !BASE_PATH.test(basePath)) throw badRequest('Invalid base path specified');
  const others = [...store.basePathMappings.values()].filter((other) => other.domainName === domainName);
  // In the words of reports (aws/aws-cdk issue 11095).
  if (others.some((other) => (other.basePath === NO_BASE_PATH) !== (basePath === NO_BASE_PATH)))
    throw conflict('Only one base path mapping is allowed if the base path is empty');
  if (others.some((other) => other.basePath === basePath)) throw conflict('Base path already exists for this domain name');
}
