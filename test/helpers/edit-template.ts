import { reindentYaml } from '../../src/templates/reindent-yaml.ts';

/**
 * Changes a rendered template as text: the edit sees it with an indentation of two, as `stack.yaml` is written.
 * @param edit gives back a template of that indentation
 */
export function editTemplate(template: string, edit: (text: string) => string): string {
  return reindentYaml(edit(reindentYaml(template, 2)), 1);
}
