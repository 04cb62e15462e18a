import { parseDocument } from 'yaml';

/**
 * Changes a rendered template as text: the edit sees it with an indentation of two, as `stack.yaml` is written.
 * @param edit gives back a template of that indentation
 */
export function editTemplate(template: string, edit: (text: string) => string): string {
  return indentedBy(1, edit(indentedBy(2, template)));
}

function indentedBy(indent: number, template: string): string {
  const document = parseDocument(template, { version: '1.1', logLevel: 'error' });
  return document.toString({ indent, lineWidth: 0, flowCollectionPadding: false });
}
