import { validationError } from '../../kernel/aws-error.ts';
import { readChoice, readText, requireText } from './form-members.ts';
import type { Form } from '../../protocols/query.ts';
import { requiredCapabilities } from '../template/capabilities.ts';
import type { Template } from '../template/template.ts';
import type { Action, ActionContext } from './action.ts';
import { readTemplate } from './stack-request.ts';

/** The text as it was given. Both stages are the same, as the emulator has no transforms. */
export const getTemplate: Action = {
  members: ['StackName', 'ChangeSetName', 'TemplateStage'],
  run(form, { store }) {
    readChoice(form, 'TemplateStage', ['Original', 'Processed']);
    const stackName = readText(form, 'StackName');
    const changeSetName = readText(form, 'ChangeSetName');
    const definition =
      changeSetName === undefined
        ? store.get(stackName ?? '').definition
        : store.getChangeSet(changeSetName, stackName).changeSet.definition;
    if (!definition) throw validationError(`Stack ${stackName ?? ''} has no template yet`);
    return {
      TemplateBody: definition.template.body,
      StagesAvailable: ['Original', 'Processed'],
    };
  },
};

export const getTemplateSummary: Action = {
  members: ['TemplateBody', 'StackName'],
  run(form, context) {
    const template = templateOf(form, context);
    const { capabilities, reason } = requiredCapabilities(template);
    const types = [...template.resources.values()].map(({ type }) => type);
    return {
      Parameters: [...template.parameters].map(([key, parameter]) => ({
        ParameterKey: key,
        DefaultValue: parameter.defaultText,
        ParameterType: parameter.type,
        NoEcho: parameter.noEcho,
        Description: parameter.description,
        ParameterConstraints: { AllowedValues: parameter.allowedValues },
      })),
      Description: template.description,
      Capabilities: capabilities.length > 0 ? capabilities : undefined,
      CapabilitiesReason: reason,
      ResourceTypes: types,
      Version: template.version,
      Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
    };
  },
};

/** Checks all of a template that needs no parameter values. */
export const validateTemplate: Action = {
  members: ['TemplateBody'],
  run(form, context) {
    const template = readTemplate(requireText(form, 'TemplateBody'), context);
    const { capabilities, reason } = requiredCapabilities(template);
    return {
      Parameters: [...template.parameters].map(([key, parameter]) => ({
        ParameterKey: key,
        DefaultValue: parameter.defaultText,
        NoEcho: parameter.noEcho,
        Description: parameter.description,
      })),
      Description: template.description,
      Capabilities: capabilities.length > 0 ? capabilities : undefined,
      CapabilitiesReason: reason,
    };
  },
};

function templateOf(form: Form, context: ActionContext): Template {
  const body = readText(form, 'TemplateBody');
  const name = readText(form, 'StackName');
  if ((body === undefined) === (name === undefined))
    throw validationError('Either StackName or TemplateBody must be specified');
  if (body !== undefined) return readTemplate(body, context);
  const { definition } = context.store.get(name ?? '');
  if (!definition) throw validationError(`Stack ${name ?? ''} has no template yet`);
  return definition.template;
}
