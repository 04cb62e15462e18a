import { compactYaml } from '../../src/templates/prepare-template.ts';

/**
 * Changes a rendered template as text: the edit sees it with an indentation of two, as `stack.yaml` is written.
 * @param edit gives back a template of that indentation
 */
export function editTemplate(template: string, edit: (text: string) => string): string {
  return compactYaml(edit(compactYaml(template, 2)));
}
