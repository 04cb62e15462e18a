import { validationError } from '../../kernel/aws-error.ts';
import { type ActionContext, type Actions, readChoice, readText, requireText } from './action.ts';
import type { Form } from '../../protocols/query.ts';
import { requiredCapabilities } from '../template/capabilities.ts';
import type { ParameterDefinition } from '../template/parameters.ts';
import type { Template } from '../template/template.ts';
import type { StackStore } from '../store.ts';
import { readTemplate } from './stack-request.ts';

export const templateActions: Actions = {
  /** The text as it was given. Both stages are the same, as the emulator has no transforms. */
  GetTemplate: {
    members: 'StackName ChangeSetName TemplateStage',
    run(form, { store }) {
      readChoice(form, 'TemplateStage', ['Original', 'Processed']);
      const stackName = readText(form, 'StackName');
      const changeSetName = readText(form, 'ChangeSetName');
      const template =
        changeSetName === undefined
          ? templateOfStack(store, stackName ?? '')
          : store.getChangeSet(changeSetName, stackName).changeSet.definition.template;
      return { TemplateBody: template.body, StagesAvailable: ['Original', 'Processed'] };
    },
  },
  GetTemplateSummary: {
    members: 'TemplateBody StackName',
    run(form, context) {
      const template = templateOf(form, context);
      return {
        ...viewTemplate(template),
        Parameters: [...template.parameters].map(([key, parameter]) => ({
          ...viewParameter(key, parameter),
          ParameterType: parameter.type,
          ParameterConstraints: { AllowedValues: parameter.allowedValues },
        })),
        ResourceTypes: [...template.resources.values()].map(({ type }) => type),
        Version: template.version,
        Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
      };
    },
  },
  /** Checks all of a template that needs no parameter values. */
  ValidateTemplate: {
    members: 'TemplateBody',
    run(form, context) {
      const template = readTemplate(requireText(form, 'TemplateBody'), context);
      return { ...viewTemplate(template), Parameters: [...template.parameters].map((entry) => viewParameter(...entry)) };
    },
  },
};

/** The members that both views of a template have. */
function viewTemplate(template: Template) {
  const { capabilities, reason } = requiredCapabilities(template);
  return {
    Description: template.description,
    Capabilities: capabilities.length > 0 ? capabilities : undefined,
    CapabilitiesReason: reason,
  };
}

function viewParameter(key: string, { defaultText, noEcho, description }: ParameterDefinition) {
  return { ParameterKey: key, DefaultValue: defaultText, NoEcho: noEcho, Description: description };
}

function templateOf(form: Form, context: ActionContext): Template {
  const body = readText(form, 'TemplateBody');
  const name = readText(form, 'StackName');
  if ((body === undefined) === (name === undefined)) throw validationError('Either StackName or TemplateBody must be specified');
  return body === undefined ? templateOfStack(context.store, name ?? '') : readTemplate(body, context);
}

function templateOfStack(store: StackStore, name: string): Template {
  const { definition } = store.get(name);
  if (!definition) throw validationError(`Stack ${name} has no template yet`);
  return definition.template;
}
