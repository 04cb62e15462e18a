import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { STREAMING } from './awslambda.mjs';
import { RuntimeError } from './response-stream.mjs';

/** @typedef {import('./awslambda.mjs').Handler} Handler */

/**
 * Finds a handler by its name, `folder/file.export.member`. Its module is CommonJS, or an ES module where Node.js may tell by its syntax.
 * @param {string} taskRoot
 * @param {string} name
 * @param {boolean} [takesCallbacks] runtimes before nodejs24.x do
 * @returns {Promise<Handler>}
 * @throws {RuntimeError} with the names of nodejs24.x
 */
export async function loadHandler(taskRoot, name, takesCallbacks = false) {
  const [, folder = '', file, member] = /^(.*\/)?([^./][^.]*)\.(.+)$/.exec(name) ?? [];
  if (!file || !member || name.includes('..'))
    throw new RuntimeError('Runtime.MalformedHandlerName', `'${name}' is not a valid handler name`);
  let found = await loadModule(path.resolve(taskRoot, folder, file));
  for (const part of member.split('.')) found = found?.[part];
  if (typeof found !== 'function') {
    const what = found === undefined ? 'undefined or not exported' : 'not a function';
    throw new RuntimeError('Runtime.HandlerNotFound', `${name} is ${what}`);
  }
  if (!takesCallbacks && found[STREAMING] !== 'response' && found.length >= 3) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      'callback-based function handlers are not supported by Node.js 24 and later runtimes: use an async handler',
    );
  }
  return found;
}

/** @type {(file: string) => Promise<any>} */
async function loadModule(file) {
  try {
    const require = createRequire(file);
    try {
      return require(file);
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== 'ERR_REQUIRE_ESM' && !(error instanceof SyntaxError)) throw error;
      // The handler's own file may be an ES module. One that it requires, and a real syntax error, fail again.
      return await import(pathToFileURL(require.resolve(file)).href);
    }
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', String(error));
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'MODULE_NOT_FOUND')
      throw new RuntimeError('Runtime.ImportModuleError', String(error));
    throw error;
  }
}
