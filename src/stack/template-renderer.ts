import { AUTH_MODES, type AuthMode, renderTemplate } from '../templates/render.ts';
import { bundleHandler } from './bundle.ts';

export interface TemplateRenderer {
  /** Renders for the parameter values that will hold; those that are undefined have the template's defaults. */
  readonly render: (parameters: Readonly<Record<string, string | undefined>>) => string;
  /** Size of the function's code. */
  readonly codeBytes: number;
}

/** Builds the function once, for any number of renderings. */
export async function createTemplateRenderer(): Promise<TemplateRenderer> {
  const bundle = await bundleHandler();
  return {
    codeBytes: bundle.bytes,
    render: (parameters) =>
      renderTemplate({
        handlerCode: bundle.code,
        authMode: asAuthMode(parameters['AuthMode']),
        corsOrigin: parameters['CorsOrigin'] ?? '*',
      }),
  };
}

function asAuthMode(value: string | undefined): AuthMode {
  return AUTH_MODES.find((mode) => mode === value) ?? 'api-key';
}
