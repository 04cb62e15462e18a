import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** A Chromium of this machine: AGENTSTREAM_CHROMIUM, or `chromium` on the path. */
export const CHROMIUM = findChromium();
if (!CHROMIUM) {
  console.log('there is no chromium (AGENTSTREAM_CHROMIUM names one): the tests in a browser are skipped');
}

function findChromium(): string | undefined {
  const named = process.env['AGENTSTREAM_CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const { status, stdout } = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

export function startBrowser(args: string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? '', chromiumSandbox: false, args });
}

/** A page that was opened from a file, and what it did that it should not. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the console, and what was thrown. */
  readonly complaints: readonly string[];
  /** What was asked for beside the file itself. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Opens HTML as a person opens a file that was sent to them. */
export async function openFile(
  browser: Browser,
  text: string,
  options: { readonly width?: number; readonly scheme?: 'light' | 'dark' } = {},
): Promise<OpenedPage> {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-page-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, text);
  const url = pathToFileURL(file).href;
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1_200, height: 900 },
    colorScheme: options.scheme ?? 'light',
  });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  await page.goto(url);
  return {
    page,
    complaints,
    requests,
    async close() {
      await page.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
