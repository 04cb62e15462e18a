import { changeSetActions } from './actions/change-sets.ts';
import { describeChangeSetActions } from './actions/describe-change-set.ts';
import { eventActions } from './actions/describe-events.ts';
import { describeStackActions } from './actions/describe-stacks.ts';
import { type Action, type ActionContext, type Actions, readText } from './actions/action.ts';
import { templateActions } from './actions/get-template.ts';
import { stackActions } from './actions/stacks.ts';
import { createStackEngine, engineOfCaller } from './engine/stack-engine.ts';
import { CLOUDFORMATION_LIMITS } from './limits.ts';
import type { CloudFormationOptions } from './options.ts';
import { createStackStore, type StackStore } from './store.ts';
import type { Iam } from '../iam/service.ts';
import { AwsError, unknownOperation, validationError } from '../kernel/aws-error.ts';
import type { EmitEvent } from '../kernel/emulator-event.ts';
import { arn, type Place } from '../kernel/place.ts';
import { unknownMembers } from '../kernel/properties.ts';
import { createTokenBucket } from '../kernel/rate-limit.ts';
import { passRole, type ResourceProvider } from '../kernel/resource-provider.ts';
import type { Service } from '../kernel/service.ts';
import { type Form, parseForm, sendQuery } from '../protocols/query.ts';

const API_VERSION = '2010-05-15';
const NAMESPACE = `http://cloudformation.amazonaws.com/doc/${API_VERSION}/`;

const ACTIONS: Actions = {
  ...changeSetActions,
  ...describeChangeSetActions,
  ...describeStackActions,
  ...eventActions,
  ...stackActions,
  ...templateActions,
};

/** Features that the emulator does not have; a request may still switch them off by name. */
const SWITCHED_OFF = ['ImportExistingResources', 'IncludeNestedStacks', 'RetainExceptOnCreate'];

/**
 * CloudFormation in one Region: stacks, change sets, events; the resources themselves come from the providers of the other
 * services. Speaks the query protocol.
 */
export function createCloudFormation(settings: {
  readonly place: Place;
  readonly resourceProviders: readonly ResourceProvider[];
  readonly options: CloudFormationOptions;
  /** Checks API calls and operations on resources. */
  readonly iam: Iam;
  /** Called for each call that an operation on a resource makes. */
  readonly emit: EmitEvent;
}): Service {
  const { place, options, iam, emit } = settings;
  const providers = new Map(settings.resourceProviders.map((provider) => [provider.type, provider]));
  const store = createStackStore(place, options.readLagMs);
  const engine = createStackEngine({ place, store, providers, options, iam, emit });
  const limits = { ...CLOUDFORMATION_LIMITS, ...options.limits };
  const context: ActionContext = { place, providers, limits, options, store, engine };
  const { callsPerSecond } = limits;
  const calls = Number.isFinite(callsPerSecond)
    ? createTokenBucket({ rate: callsPerSecond, burst: callsPerSecond }, () => performance.now())
    : undefined;

  return {
    protocol: 'query',
    async handle(request, response) {
      const form = parseForm(request.body);
      const name = readText(form, 'Action') ?? '';
      const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
      const version = readText(form, 'Version') ?? 'unknown';
      if (version !== API_VERSION)
        throw new AwsError('InvalidAction', 400, `Could not find operation ${name} for version ${version}`);
      if (!action) throw unknownOperation(400, `cloudformation call ${name}`);
      if (calls?.take() === false) throw new AwsError('Throttling', 400, 'Rate exceeded');
      refuseUnknownMembers(name, action, form);
      authorizeAction(name, form, request.accessKeyId, { iam, place, store });
      const caller = iam.identityOf(request.accessKeyId);
      const result = action.run(form, { ...context, engine: engineOfCaller(engine, caller) });
      sendQuery(response, { action: name, requestId: request.requestId, namespace: NAMESPACE }, result);
    },
    close: () => engine.close(),
  };
}

function refuseUnknownMembers(name: string, { members }: Action, form: Form): void {
  const unknown = unknownMembers(form, `Action Version ${members}`).find(
    (member) => !(SWITCHED_OFF.includes(member) && form[member] === 'false'),
  );
  if (unknown !== undefined) throw validationError(`the emulator does not support the parameter ${unknown} of ${name}`);
}

/** Actions without a stack as their resource (service authorization reference of CloudFormation). */
const WITHOUT_STACK = new Set(['ListStacks', 'ValidateTemplate']);

/** Checks that the caller may call an action, and pass the service role that it names. @throws {AwsError} AccessDenied (403) */
function authorizeAction(
  action: string,
  form: Form,
  accessKeyId: string,
  { iam, place, store }: { readonly iam: Iam; readonly place: Place; readonly store: StackStore },
): void {
  const authorize = (...facts: Parameters<Iam['authorize']>) => {
    try {
      iam.authorize(...facts);
    } catch (error) {
      if (error instanceof AwsError) throw new AwsError('AccessDenied', 403, error.message);
      throw error;
    }
  };
  authorize(accessKeyId, `cloudformation:${action}`, resourcesOf(action, form, place, store));
  const roleArn = readText(form, 'RoleARN');
  if (roleArn === undefined) return;
  const pass = passRole(roleArn, 'cloudformation.amazonaws.com');
  authorize(accessKeyId, pass.action, [pass.resource], pass.context);
}

/**
 * ARN of the stack, with `*` for the end when the stack does not exist. DescribeEvents has stack and change set as resource types (service
 * authorization reference); which of them is checked for a change set's events is not documented: here both are.
 */
function resourcesOf(action: string, form: Form, place: Place, store: StackStore): readonly string[] {
  if (WITHOUT_STACK.has(action) || (action === 'GetTemplateSummary' && form['TemplateBody'])) return ['*'];
  const given = readText(form, 'StackName');
  if (given !== undefined) {
    const id = store.find(given)?.id ?? given;
    return [id.startsWith('arn:') ? id : arn(place, 'cloudformation', `stack/${id}/*`)];
  }
  const changeSet = readText(form, 'ChangeSetName');
  const stack = store.all().find(({ changeSets }) => [...changeSets.values()].some(({ id }) => id === changeSet));
  const stackArn = stack?.id ?? arn(place, 'cloudformation', 'stack/*/*');
  return action === 'DescribeEvents' && changeSet?.startsWith('arn:') ? [stackArn, changeSet] : [stackArn];
}
