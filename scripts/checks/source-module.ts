import { parseSync } from 'vite';

export interface Import {
  specifier: string;
  /** Nothing of it is left when the program runs. */
  typeOnly: boolean;
  line: number;
}

/** Something of the machine that a file reaches for: `Date.now`, `new Date()`, `process.env`, `setTimeout`, … */
export interface Use {
  name: string;
  line: number;
}

export interface FunctionSpan {
  name: string;
  line: number;
  lines: number;
}

export interface SourceModule {
  imports: Import[];
  uses: Use[];
  functions: FunctionSpan[];
}

type SyntaxNode = { type: string; start: number; end: number } & Record<string, unknown>;

/** Timers and the process as plain names; everything else that is watched is a member of one of the objects below. */
const watchedNames = new Set(['setTimeout', 'setInterval']);
const watchedMembers = new Set(['Date.now', 'performance.now', 'process.env', 'process.exit']);

export function parseModule(file: string, text: string): SourceModule {
  const { program, errors } = parseSync(file, text);
  const failure = errors[0];
  if (failure) throw new Error(`${file} cannot be parsed: ${failure.message}`);
  const lineOf = lineFinder(text);
  const module: SourceModule = { imports: [], uses: [], functions: [] };
  visit(program as unknown as SyntaxNode, null, '', (node, parent, key) => {
    const found = importOf(node);
    if (found) module.imports.push({ ...found, line: lineOf(node.start) });
    const use = useOf(node, parent, key);
    if (use) module.uses.push({ name: use, line: lineOf(node.start) });
    if (isFunction(node) && !isDescribeCallback(parent)) {
      const line = lineOf(node.start);
      module.functions.push({ name: functionName(node, parent), line, lines: lineOf(node.end) - line + 1 });
    }
  });
  return module;
}

function visit(
  node: SyntaxNode,
  parent: SyntaxNode | null,
  key: string,
  see: (node: SyntaxNode, parent: SyntaxNode | null, key: string) => void,
): void {
  see(node, parent, key);
  for (const [name, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, node, name, see);
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value;
}

function importOf(node: SyntaxNode): Omit<Import, 'line'> | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const specifier = literalOf(node['source']);
      return specifier === null ? null : { specifier, typeOnly: isTypeOnly(node) };
    }
    case 'ImportExpression':
      return { specifier: literalOf(node['source']) ?? '(computed)', typeOnly: false };
    case 'TSImportType':
      return { specifier: literalOf(node['source']) ?? '(computed)', typeOnly: true };
    case 'TSExternalModuleReference':
      return { specifier: literalOf(node['expression']) ?? '(computed)', typeOnly: false };
    default:
      return null;
  }
}

/** `import { type A } from` keeps the module in the running program (verbatimModuleSyntax): only the whole statement counts. */
function isTypeOnly(node: SyntaxNode): boolean {
  return node['importKind'] === 'type' || node['exportKind'] === 'type';
}

function literalOf(value: unknown): string | null {
  return isNode(value) && value.type === 'Literal' && typeof value['value'] === 'string' ? value['value'] : null;
}

function useOf(node: SyntaxNode, parent: SyntaxNode | null, key: string): string | null {
  if (node.type === 'MemberExpression') return memberUse(node);
  if (node.type === 'NewExpression') {
    return identifierOf(node['callee']) === 'Date' && Array.isArray(node['arguments']) && node['arguments'].length === 0
      ? 'new Date()'
      : null;
  }
  const name = identifierOf(node);
  if (name === null || !watchedNames.has(name)) return null;
  const namesSomethingElse = (key === 'property' || key === 'key') && parent?.['computed'] !== true;
  return namesSomethingElse || key === 'local' || key === 'imported' ? null : name;
}

function memberUse(node: SyntaxNode): string | null {
  const property = node['computed'] === true ? literalOf(node['property']) : identifierOf(node['property']);
  const object =
    isNode(node['object']) && node['object'].type === 'MemberExpression' ? lastName(node['object']) : identifierOf(node['object']);
  if (property === null || object === null) return null;
  if (object === 'globalThis') return watchedNames.has(property) ? property : null;
  return watchedMembers.has(`${object}.${property}`) ? `${object}.${property}` : null;
}

/** `process` of `globalThis.process`. */
function lastName(member: SyntaxNode): string | null {
  return identifierOf(member['object']) === 'globalThis' ? identifierOf(member['property']) : null;
}

function identifierOf(value: unknown): string | null {
  return isNode(value) && value.type === 'Identifier' && typeof value['name'] === 'string' ? value['name'] : null;
}

function isFunction(node: SyntaxNode): boolean {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}

/** `describe(…, () => { … })` is a heading over tests, not a function that does something. */
function isDescribeCallback(parent: SyntaxNode | null): boolean {
  if (parent?.type !== 'CallExpression' || !isNode(parent['callee'])) return false;
  let callee: SyntaxNode = parent['callee'];
  for (;;) {
    const inner = callee.type === 'CallExpression' ? callee['callee'] : callee['object'];
    if (!isNode(inner)) return identifierOf(callee) === 'describe';
    callee = inner;
  }
}

function functionName(node: SyntaxNode, parent: SyntaxNode | null): string {
  return identifierOf(node['id']) ?? identifierOf(parent?.['id']) ?? identifierOf(parent?.['key']) ?? 'a function without a name';
}

/** Lines count from 1. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
