import { plainText } from '../../ui/sanitize.ts';
import type { ResourceChange } from '../resource-change.ts';
import type { StackReport } from '../stack-report.ts';
import { formatBytes } from '../../ui/format.ts';
import type { Style } from '../../ui/terminal.ts';

/** Shows the progress of a stack operation. */
export interface StackReporter {
  report(report: StackReport): void;
  /** Ends the progress display, before anything else is printed. */
  done(): void;
}

/** An event of a deploy or destroy as lines without line ends. */
export function stackLines(report: StackReport, style: Style): string[] {
  switch (report.type) {
    case 'step':
      return [report.text];
    case 'note':
      return [style.yellow(report.text)];
    case 'built': {
      const { functionBytes, templateBytes, maxTemplateBytes } = report;
      const template = `${formatBytes(templateBytes)} of ${formatBytes(maxTemplateBytes)}`;
      return [`built the function (${formatBytes(functionBytes)}; with the template ${template})`];
    }
    case 'check':
      // A passed check prints nothing. The first failure becomes the error; the others are printed before it.
      if (report.status === 'ok') return [];
      if (report.status === 'failed') return [style.red(report.text)];
      return [style.yellow(report.text), ...(report.status === 'warning' && report.hint ? [`  ${report.hint}`] : [])];
    case 'changes':
      return changeLines(report.changes, style);
    case 'validation-failure': {
      const { logicalId, resourceType, path, reason } = report.failure;
      return [style.red(plainText(`${logicalId} (${resourceType}) would fail: ${reason}`)), plainText(`  at ${path}`)];
    }
    case 'stack-event': {
      const { status, logicalId, resourceType, reason } = report.event;
      const line = plainText(`${status} ${logicalId} (${resourceType})${reason ? ` ${reason}` : ''}`);
      return [status.endsWith('_FAILED') ? style.red(line) : line];
    }
    case 'begun':
      return [];
  }
}

/** Every change, with the properties that differ. */
function changeLines(changes: readonly ResourceChange[], style: Style): string[] {
  const width = Math.max(0, ...changes.map(({ logicalId }) => logicalId.length));
  const lines = changes.flatMap((change) => {
    const { sign, paint, suffix } = appearance(change, style);
    const name = change.logicalId.padEnd(width);
    return [
      `  ${paint(sign)} ${name}  ${style.dim(change.resourceType)}${suffix}`,
      ...change.properties.map(({ path, before, after }) => `      ${path}${style.dim(plainText(difference(before, after)))}`),
    ];
  });
  return [...lines, changeSummary(changes)];
}

/** Number of changes of each kind. */
export function changeSummary(changes: readonly ResourceChange[]): string {
  const count = (action: string): number => changes.filter((change) => change.action === action).length;
  return `${count('Add')} to add, ${count('Modify')} to change, ${count('Remove')} to remove`;
}

function appearance({ action, replacement }: ResourceChange, style: Style) {
  if (action === 'Add') return { sign: '+', paint: style.green, suffix: '' };
  if (action === 'Remove') return { sign: '-', paint: style.red, suffix: '' };
  if (replacement === 'True') return { sign: '±', paint: style.red, suffix: '  replaced' };
  return { sign: '~', paint: style.yellow, suffix: replacement === 'Conditional' ? '  perhaps replaced' : '' };
}

function difference(before: string | undefined, after: string | undefined): string {
  if (before === undefined && after === undefined) return '';
  if (before === undefined) return `: ${after}`;
  return `: ${before} -> ${after ?? '(none)'}`;
}
