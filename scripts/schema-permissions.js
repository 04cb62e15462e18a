// Makes src/emulator/kernel/schema-permissions.json: the permissions that CloudFormation's handlers need, from its registry schemas.
//
//   node scripts/schema-permissions.js FOLDER SOURCE
//
// FOLDER holds a schema a file (https://schema.cloudformation.us-east-1.amazonaws.com/CloudformationSchema.zip, or the schemas folder of
// hashicorp/terraform-provider-awscc); SOURCE says where they are from and of what date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OUT = fileURLToPath(new URL('../src/emulator/kernel/schema-permissions.json', import.meta.url));
/** Types that the emulator provides and whose schemas have handlers. */
const TYPES =
  /^AWS::(?:ApiGateway::(?:Account|ApiKey|Authorizer|BasePathMapping|Deployment|DomainName|GatewayResponse|Method|Resource|RestApi|Stage|UsagePlan|UsagePlanKey)|CloudWatch::(?:Alarm|Dashboard)|IAM::Role|Lambda::(?:Function|Permission)|Logs::(?:LogGroup|MetricFilter)|SNS::(?:Subscription|Topic)|WAFv2::WebACL(?:Association)?)$/;

/** Handlers call other services for properties that the emulator refuses, or for resources of theirs (WAF's load balancers). */
const isOurs = (/** @type {string} */ action) => /^(?:apigateway|cloudwatch|iam|kms|lambda|logs|sns|wafv2):/.test(action);

const [folder, source] = process.argv.slice(2);
if (!folder || !source) throw new Error('usage: node scripts/schema-permissions.js FOLDER SOURCE');

const types = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
  .filter(({ typeName }) => TYPES.test(typeName))
  .map(({ typeName, handlers = {}, tagging = {} }) => {
    const own = `${typeName.split('::')[1].toLowerCase()}:`;
    /** @param {string} name */
    const of = (name) => {
      const actions = /** @type {string[]} */ (handlers[name]?.permissions ?? []).filter(isOurs);
      return actions.map((action) => (action.startsWith(own) ? action.slice(own.length) : action)).join(' ');
    };
    const entry = {
      create: of('create'),
      update: of('update'),
      delete: of('delete'),
      ...(tagging.cloudFormationSystemTags === true && { systemTags: true }),
    };
    return /** @type {const} */ ([typeName, entry]);
  });
types.sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(OUT, JSON.stringify({ source, types: Object.fromEntries(types) }));
process.stdout.write(`${types.length} types; now run npm run format\n`);
