import { basename } from 'node:path';
import type { ParameterValues } from '../aws/stack-values.ts';
import { OperationError } from '../cli/errors.ts';
import { formatCount } from '../ui/format.ts';
import { readStackTemplate } from '../templates/read-template.ts';
import { type RenderedTemplate, renderTemplate, type TemplateInput } from '../templates/render.ts';
import { bundleHandler, packCode } from './bundle.ts';
import { SETTING_ROWS, valueOrDefault } from './settings/settings.ts';
import { parseAgentRuntimeArn } from '../aws/arns.ts';
import type { CommandContext } from '../cli/options.ts';
import { checkSettings } from './check-settings.ts';
import { type DeployFlags, toParameters } from './deploy-flags.ts';

/** Without the settings as defaults, and pruned, unless said. */
export type TemplateForm = Partial<Pick<TemplateInput, 'asDefaults' | 'isFull'>>;

export type TemplateRenderer = Awaited<ReturnType<typeof createTemplateRenderer>>;

/**
 * Builds the function once, for any number of renderings.
 * @param handlerFile the user's own handler; by default ours
 * @param form as `renderTemplate` takes it
 * @returns the error of `render` names the largest parts when the template is too large; `codeBytes` is the size of the function's code
 * @throws as `bundleHandler`
 */
export async function createTemplateRenderer(handlerFile?: string, form?: TemplateForm) {
  const { code, bytes, parts } = await bundleHandler(handlerFile);
  const render = await createCodeRenderer(code, form, handlerFile && basename(handlerFile));
  return {
    codeBytes: bytes,
    render(parameters: ParameterValues): RenderedTemplate {
      try {
        return render(parameters);
      } catch (error) {
        if (!(error instanceof OperationError)) throw error;
        const largest = parts.slice(0, SHOWN_PARTS).map((part) => `${part.name} ${formatCount(part.bytes)}`);
        throw new OperationError(error.code, error.message, {
          hint: `the template contains the function, which has to be small; of its ${formatCount(bytes)} bytes: ${largest.join(', ')}`,
          cause: error,
        });
      }
    },
  };
}

/**
 * A renderer for code that is already built.
 * @param handlerName file of the user's own handler, which the stack remembers
 * @returns renders the template for the parameters after the deploy; undefined ones have the template's defaults
 * @throws {OperationError} from the returned function: TEMPLATE_TOO_LARGE
 */
export async function createCodeRenderer(handlerCode: string, form: TemplateForm = {}, handlerName?: string) {
  const template = await readStackTemplate();
  const code = packCode(handlerCode);
  return (values: ParameterValues): RenderedTemplate => {
    const shape = SETTING_ROWS.flatMap(([name, { shapesApi }]) => (shapesApi ? [valueOrDefault(values, name)] : []));
    return renderTemplate(template, { code, values, shape, asDefaults: false, isFull: false, ...form, handlerName });
  };
}

const SHOWN_PARTS = 3;

/** Flags of `template`. */
interface TemplateFlags extends DeployFlags {
  readonly agentArn?: string;
  readonly full?: boolean;
  readonly code?: boolean;
}

/** Prints the template, with the given settings as its defaults, or the function. @throws {UsageError} INVALID_ARN, and as `checkSettings` */
export async function printTemplate(flags: TemplateFlags, { terminal }: CommandContext): Promise<void> {
  if (flags.code) return terminal.stdout.write((await bundleHandler(undefined, true)).code);
  const arn = flags.agentArn && parseAgentRuntimeArn(flags.agentArn).arn;
  const parameters = toParameters(flags, arn);
  checkSettings(parameters);
  const { render } = await createTemplateRenderer(undefined, { asDefaults: true, isFull: flags.full === true });
  terminal.stdout.write(render(parameters).body);
}
