import type { AwsAccess } from '../../aws/aws-access.ts';
import { credentialLines, curlAuth, curlLine } from '../../endpoint/curl-line.ts';
import { commandLine, type Target } from '../../cli/command-line.ts';
import type { CommandWords } from '../../cli/errors.ts';
import { formatMs } from '../../ui/format.ts';
import type { Style } from '../../ui/terminal.ts';

export interface DeploySummary {
  readonly outcome: 'created' | 'updated' | 'no-changes';
  readonly stackName: string;
  readonly region: string;
  readonly url: string;
  readonly authMode: string;
  /** Region of the given agent; undefined when the stack keeps its agent. */
  readonly agentRegion: string | undefined;
  readonly elapsedMs: number;
  /** Header that carries the token; undefined for `Authorization`. */
  readonly tokenHeader?: string | undefined;
  /** Extra headers of every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Source of the credentials for signatures. */
  readonly access: Pick<AwsAccess, 'credentials' | 'profile'>;
  /** DNS record that the user has to create for the domain. */
  readonly dns?: { readonly name: string; readonly target: string } | undefined;
}

/** The result in a line, with warnings below it. */
export function deployOutcome(summary: DeploySummary, style: Style): string {
  const { outcome, stackName, region, authMode, agentRegion, elapsedMs, dns } = summary;
  const where = `stack ${stackName} in ${region}`;
  const time = ` in ${formatMs(elapsedMs)}`;
  const done = {
    created: `${style.green('created')} ${where}${time}`,
    updated: `${style.green('updated')} ${where}${time}`,
    'no-changes': `no changes: ${where} is up to date`,
  }[outcome];
  const lines = [done];
  if (authMode === 'none')
    lines.push(style.yellow('anyone on the internet who knows the URL can call this agent at your cost (--auth none)'));
  if (agentRegion && agentRegion !== region) {
    lines.push(
      `the agent is in ${agentRegion}, so every turn crosses Regions; --region ${agentRegion} puts the stack next to it`,
    );
  }
  if (dns) lines.push(`point the DNS record of ${dns.name} to ${dns.target}, by CNAME or alias`);
  return `${lines.join('\n')}\n`;
}

/** Commands that work as printed. @param target flags that lead to the stack */
export function nextSteps(summary: DeploySummary, target: Target): string {
  const line = (...words: CommandWords): string => commandLine(['agentstream', ...words], target);
  const { url, authMode, region, tokenHeader, headers, access } = summary;
  const auth = curlAuth(authMode, `$(${line('status', '--show-key')})`, region, tokenHeader);
  const settings = authMode === 'iam' ? credentialLines(access) : [];
  return `
Try it:
  ${[...settings, curlLine(url, auth, headers)].join('\n  ')}

  ${line('invoke', 'Hello!')}
  ${line('chat')}
  ${line('bench')}
  ${line('status')}
  ${line('destroy')}
`;
}
