import { OperationError } from '../cli/errors.ts';
import { renderTemplate } from '../templates/render.ts';
import { type Bundle, bundleHandler } from './bundle.ts';

export interface TemplateRenderer {
  /**
   * Renders for the parameter values that will hold; those that are undefined have the template's defaults.
   * @throws {OperationError} TEMPLATE_TOO_LARGE, with what takes the room
   */
  readonly render: (parameters: Readonly<Record<string, string | undefined>>) => string;
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
  return {
    codeBytes: bundle.bytes,
    render(parameters) {
      try {
        return renderTemplate({ handlerCode: bundle.code, parameters, asDefaults });
      } catch (error) {
        throw error instanceof OperationError ? withParts(error, bundle) : error;
      }
    },
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
