import { expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { startCuttableProxy } from '../helpers/cuttable-proxy.ts';
import { startEditedChain, withAccessLog } from '../helpers/edited-chain.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { send } from '../helpers/post.ts';
import { jsonLines, runCli } from '../helpers/run-cli.ts';

test('--follow goes on past a lost connection; without it, that is the end', async () => {
  const chain = await startEditedChain(createActingAgent(), { edit: withAccessLog });
  const network = await startCuttableProxy(chain.env['AWS_ENDPOINT_URL'] ?? '');
  const env = { ...chain.env, AWS_ENDPOINT_URL: network.url };
  const args = ['logs', '--stack-name', 'chain', '--json', '--source', 'access'];
  const terminal = createMemoryTerminal({ env });
  try {
    await send('POST', `${chain.url}/before`, {});
    const exit = main([...args, '--follow'], terminal);
    const paths = (): unknown[] => jsonLines(terminal.text.stdout).flatMap(({ access }) => (access ? [access] : []));
    await expect.poll(paths).toMatchObject([{ path: '/v1/before' }]);
    network.cut('refuse');
    await expect.poll(() => terminal.text.stderr).toMatch(/asking again in/);
    const once = await runCli(args, { env });
    expect(once.exitCode).toBe(1);
    expect(jsonLines(once.stdout).at(-1)).toMatchObject({ ok: false, error: { code: 'NO_CONNECTION' } });
    network.mend();
    await send('POST', `${chain.url}/after`, {});
    await expect.poll(paths).toMatchObject([{ path: '/v1/before' }, { path: '/v1/after' }]);
    terminal.interrupt();
    expect(await exit).toBe(0);
  } finally {
    await network.close();
    await chain.close();
  }
});
