import { read } from '../../kernel/properties.ts';
import { type Properties, type ResourceProvider, type ResourceStep } from '../../kernel/resource-provider.ts';
import {
  type ApiStore,
  badRequest,
  conflict,
  findBasePathMapping,
  findDomainName,
  findRestApi,
  findStage,
  NO_BASE_PATH,
} from '../store.ts';
import { pathActions } from './path-actions.ts';

/** Characters of a base path, as the AWS CDK checks them. */
const BASE_PATH = /^[A-Za-z0-9$_.+!*'()-]+$/;

/**
 * AWS::ApiGateway::BasePathMapping: maps a path of a custom domain to a stage. Without a stage, callers would name one in the path:
 * the emulator refuses that. It refuses paths of more than one level in the words of reports (hashicorp/terraform-provider-aws issue
 * 21986).
 */
export function basePathMappingProvider(store: ApiStore): ResourceProvider {
  const put = (properties: Properties, key: string) => {
    const { name } = findDomainName(store, read.required(properties, 'DomainName'));
    const api = findRestApi(store, read.required(properties, 'RestApiId'));
    const stage = read.string(properties, 'Stage');
    if (!stage) throw badRequest('the emulator does not support a base path mapping without Stage');
    // API reference, CreateBasePathMapping: a private API cannot be mapped to a public domain.
    if (api.settings.endpointType === 'PRIVATE')
      throw badRequest('Private APIs cannot be mapped to a public custom domain name');
    store.basePathMappings.set(key, {
      domainName: name,
      basePath: readBasePath(properties),
      apiId: api.id,
      stage: findStage(api, stage).name,
    });
    return { physicalId: key, attributes: {} };
  };
  return {
    type: 'AWS::ApiGateway::BasePathMapping',
    createOnly: 'DomainName BasePath',
    mutable: 'RestApiId Stage',
    required: ['DomainName'],
    actions: pathActions({
      collection: mappingsPath,
      item: (step) => `${mappingsPath(step)}/${read.string(step.properties, 'BasePath') ?? NO_BASE_PATH}`,
      create: { collection: ['POST'], item: ['GET'] },
      update: ['GET', 'PATCH'],
      delete: ['DELETE'],
    }),
    async create(properties) {
      const basePath = readBasePath(properties);
      const key = `${read.required(properties, 'DomainName')}|${basePath}`;
      if (basePath.includes('/')) {
        throw badRequest(
          "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.",
        );
      }
      if (basePath !== NO_BASE_PATH && !BASE_PATH.test(basePath)) throw badRequest('Invalid base path specified');
      // In the words of reports (aws/aws-cdk issue 11095).
      const others = [...store.basePathMappings.values()].filter(
        ({ domainName }) => domainName === read.required(properties, 'DomainName'),
      );
      if (others.some((other) => (other.basePath === NO_BASE_PATH) !== (basePath === NO_BASE_PATH))) {
        throw conflict('Only one base path mapping is allowed if the base path is empty');
      }
      if (store.basePathMappings.has(key)) throw conflict('Base path already exists for this domain name');
      return put(properties, key);
    },
    async update(physicalId, properties) {
      const [domainName = '', basePath = ''] = physicalId.split('|');
      findBasePathMapping(store, domainName, basePath);
      return put(properties, physicalId);
    },
    delete: async (physicalId) => void store.basePathMappings.delete(physicalId),
  };
}

function readBasePath(properties: Properties): string {
  return read.string(properties, 'BasePath') || NO_BASE_PATH;
}

function mappingsPath({ properties }: ResourceStep): string {
  return `/domainnames/${read.required(properties, 'DomainName')}/basepathmappings`;
}
