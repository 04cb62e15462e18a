import { createRequire } from 'node:module';
import path from 'node:path';
import { STREAMING } from './awslambda.mjs';
import { RuntimeError } from './response-stream.mjs';

/** @typedef {import('./awslambda.mjs').Handler} Handler */

/**
 * Finds a handler by its name, `folder/file.export.member`. Its module is CommonJS.
 *
 * @param {string} taskRoot
 * @param {string} name
 * @returns {Handler}
 * @throws {RuntimeError} with the names of nodejs24.x
 */
export function loadHandler(taskRoot, name) {
  const [, folder = '', file, member] = /^(.*\/)?([^./][^.]*)\.(.+)$/.exec(name) ?? [];
  if (!file || !member || name.includes('..')) {
    throw new RuntimeError('Runtime.MalformedHandlerName', `'${name}' is not a valid handler name`);
  }
  let found = requireModule(path.resolve(taskRoot, folder, file));
  for (const part of member.split('.')) found = found?.[part];
  if (typeof found !== 'function') {
    const what = found === undefined ? 'undefined or not exported' : 'not a function';
    throw new RuntimeError('Runtime.HandlerNotFound', `${name} is ${what}`);
  }
  if (found[STREAMING] !== 'response' && found.length >= 3) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      'callback-based function handlers are not supported by Node.js 24 and later runtimes: use an async handler',
    );
  }
  return found;
}

/**
 * @param {string} file
 * @returns {any}
 */
function requireModule(file) {
  try {
    return createRequire(file)(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', String(error));
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'MODULE_NOT_FOUND') {
      throw new RuntimeError('Runtime.ImportModuleError', String(error));
    }
    throw error;
  }
}
