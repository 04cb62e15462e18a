import type { ParameterValues } from '../aws/stack-values.ts';
import { OperationError } from '../cli/errors.ts';
import { readPreparedTemplate, renderTemplate } from '../templates/render.ts';
import { type Bundle, bundleHandler } from './bundle.ts';
import { SETTING_ROWS, valueOrDefault } from './settings/settings.ts';

/**
 * Renders for the parameter values that will hold; those that are undefined have the template's defaults.
 * @throws {OperationError} TEMPLATE_TOO_LARGE
 */
type Render = (parameters: ParameterValues) => string;

export interface TemplateRenderer {
  /** Says what takes the room when the template is too large. */
  readonly render: Render;
  /** Size of the function's code. */
  readonly codeBytes: number;
}

/**
 * Builds the function once, for any number of renderings.
 * @param handlerFile a handler of the user's own; ours by default
 * @param asDefaults whether the values become the template's defaults, for those who deploy it by other means
 * @throws as `bundleHandler`
 */
export async function createTemplateRenderer(
  handlerFile?: string,
  asDefaults = false,
): Promise<TemplateRenderer> {
  const bundle = await bundleHandler(handlerFile);
  const render = await createCodeRenderer(bundle.code, asDefaults);
  return {
    codeBytes: bundle.bytes,
    render(parameters) {
      try {
        return render(parameters);
      } catch (error) {
        throw error instanceof OperationError ? withParts(error, bundle) : error;
      }
    },
  };
}

/** A renderer for code that is built already. */
export async function createCodeRenderer(handlerCode: string, asDefaults = false): Promise<Render> {
  const template = await readPreparedTemplate();
  return (parameters) => {
    const shape = SETTING_ROWS.flatMap(([name, { shapesApi }]) =>
      shapesApi ? [valueOrDefault(parameters, name)] : [],
    );
    return renderTemplate(template, { handlerCode, shape, defaults: asDefaults ? parameters : {} });
  };
}

const SHOWN_PARTS = 3;

/** What to make smaller: the largest parts by name. */
function withParts(error: OperationError, { parts, bytes }: Bundle): OperationError {
  const largest = parts
    .slice(0, SHOWN_PARTS)
    .map((part) => `${part.name} ${part.bytes.toLocaleString('en-US')}`);
  return new OperationError(error.code, error.message, {
    hint: `the function goes inline, so it has to be small; of its ${bytes.toLocaleString('en-US')} bytes: ${largest.join(', ')}`,
    cause: error,
  });
}
