import { parseAst } from 'rolldown/parseAst';

/**
 * One small change to a source text. `start` and `end` are offsets in the text, `after` stands in place of what is between them.
 * @typedef {{ start: number, end: number, after: string }} Mutant
 */
/** @typedef {{ type: string, start: number, end: number, [key: string]: any }} Node ESTree, as oxc writes it */

/** @type {Readonly<Record<string, readonly string[]>>} */
const OPERATORS = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
};

/** A larger number is doubled: one millisecond more of a time limit changes nothing. */
const LARGE_NUMBER = 100;

/** Expressions around types; every other node whose name begins with TS is a type. */
const CASTS = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression']);

/**
 * The mutants of a TypeScript module, of the kind that a careless change makes. None in types, imports and texts.
 * @param {string} text
 */
export function mutantsOf(text) {
  /** @type {Mutant[]} */
  const found = [];
  /** @type {(node: { start: number, end: number }, ...afters: string[]) => void} */
  const replace = ({ start, end }, ...afters) => found.push(...afters.map((after) => ({ start, end, after })));
  const source = (/** @type {Node} */ node) => text.slice(node.start, node.end);

  /** @type {(owner: Node, items: (Node | null)[]) => void} */
  const leaveOutEach = (owner, items) => {
    const [open = '', close = ''] = [text[owner.start], text[owner.end - 1]];
    for (const [index, item] of items.entries()) {
      if (!item || isProse(item.type === 'Property' ? item['value'] : item)) continue;
      const [before, next] = [items[index - 1], items[index + 1]];
      if (next) replace({ start: item.start, end: next.start }, '');
      else if (before) replace({ start: before.end, end: item.end }, '');
      else replace(owner, open + close);
    }
  };

  /** @type {(node: Node, parent: Node, isLast: boolean) => void} */
  const visit = (node, parent, isLast) => {
    const { type } = node;
    if (type === 'ImportDeclaration' || (type.startsWith('TS') && !CASTS.has(type))) return;
    if (type === 'BinaryExpression' || type === 'LogicalExpression') {
      const { left, right, operator } = node;
      const start = text.indexOf(operator, left.end);
      const isOfText = operator === '+' && (isText(left) || isText(right));
      if (!isOfText) replace({ start, end: start + operator.length }, ...(OPERATORS[operator] ?? []));
      if (operator === '??') replace(node, source(left), source(right));
    } else if (type === 'UnaryExpression' && node['operator'] === '!') {
      replace(node, source(node['argument']));
    } else if (type === 'IfStatement') {
      replace(node['test'], 'true', 'false');
    } else if (type === 'WhileStatement') {
      replace(node['test'], 'false');
    } else if (type === 'ConditionalExpression') {
      const { test, consequent, alternate } = node;
      replace(test, 'true', 'false');
      replace({ start: consequent.start, end: alternate.end }, `${source(alternate)} : ${source(consequent)}`);
    } else if (type === 'Literal' && typeof node['value'] === 'boolean') {
      replace(node, String(!node['value']));
    } else if (type === 'Literal' && typeof node['value'] === 'number') {
      replace(node, String(node['value'] < LARGE_NUMBER ? node['value'] + 1 : node['value'] * 2));
    } else if (type === 'MemberExpression' && /^Math\.(?:min|max)$/.test(source(node))) {
      replace(node, source(node) === 'Math.min' ? 'Math.max' : 'Math.min');
    } else if (type === 'ExpressionStatement' && isCall(node['expression'])) {
      replace(node, ';');
    } else if ((type === 'ReturnStatement' || type === 'ThrowStatement') && !isLast) {
      replace(node, ';');
    } else if (type === 'ArrayExpression') {
      leaveOutEach(node, node['elements']);
    } else if (type === 'ObjectExpression') {
      leaveOutEach(node, node['properties']);
    } else if (type === 'AwaitExpression' && parent.type !== 'ExpressionStatement') {
      replace(node, source(node['argument']));
    }
    const before = found.length;
    for (const [key, child] of Object.entries(node)) {
      if (key === 'key' && !node['computed']) continue;
      const children = (Array.isArray(child) ? child : [child]).filter((item) => typeof item?.type === 'string');
      for (const item of children) visit(item, node, isFunction(parent) && item === children.at(-1));
    }
    // Of what a comparator returns the sign alone counts, and equals keep their order.
    const isSort = type === 'CallExpression' && /^(?:sort|toSorted)$/.test(node['callee']['property']?.name ?? '');
    const [comparator] = isSort ? node['arguments'] : [];
    if (!comparator) return;
    const changesNothing = (/** @type {Mutant} */ { start, end, after }) =>
      start >= comparator.start && (/^\d+$/.test(after) || after === `${text.slice(start, end)}=`);
    found.push(...found.splice(before).filter((mutant) => !changesNothing(mutant)));
  };
  const program = /** @type {Node} */ (parseAst(text, { lang: 'ts' }));
  visit(program, program, false);
  return found;
}

/** @type {(node: Node) => boolean} */
function isCall(node) {
  return node.type === 'CallExpression' || (/^(?:Await|Unary)Expression$/.test(node.type) && isCall(node['argument']));
}

/** @param {Node} node */
function isFunction(node) {
  return /Function/.test(node.type);
}

/** @param {Node} node */
function isText(node) {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node['value'] === 'string');
}

/** A sentence that somebody reads. @param {Node} node */
function isProse(node) {
  const raw =
    node.type === 'TemplateLiteral'
      ? node['quasis'].map((/** @type {Node} */ part) => part['value'].raw).join('')
      : node['value'];
  return isText(node) && raw.includes(' ');
}
