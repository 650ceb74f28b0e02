import { dirname, join, relative } from 'node:path';
import type { Node } from 'typescript/unstable/ast';
import {
  isArrayLiteralExpression,
  isBindingElement,
  isCallExpression,
  isElementAccessExpression,
  isIdentifier,
  isInterfaceDeclaration,
  isObjectBindingPattern,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isShorthandPropertyAssignment,
  isStringLiteral,
  isTypeAliasDeclaration,
} from 'typescript/unstable/ast/is';
import {
  API,
  type Checker,
  type Symbol as Named,
  type NodeHandle,
  type Project,
  SignatureKind,
  type Type,
} from 'typescript/unstable/sync';
import {
  INTERSECTION,
  isFunctionLike,
  isObject,
  isTypeParameter,
  itemOf,
  mayHold,
  OBJECT,
  parts,
} from './checked-types.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SOURCE = join(ROOT, 'local/aws/src');

/** What only looks at a request for another purpose than to carry it out. */
const ELSEWHERE = /\/(authorization|wire|rules|members|constraints)\/|\/rules\.ts$|\/cloudtrail\/record\.ts$/;

/** What the type checker knows of our own code. */
export interface Read {
  /** `client-ecs RunTaskRequest.cluster`. */
  readonly members: ReadonlySet<string>;
  /** Members that a handler names in a type of its own, by folder and operation: `ec2 DescribeVpcs.VpcIds`. */
  readonly byOperation: ReadonlySet<string>;
}

/** Asks TypeScript's checker which members of requests our code looks at. */
export function readMembers(operations: ReadonlySet<string>): Read {
  const api = new API({ cwd: ROOT });
  try {
    const [project] = api
      .updateSnapshot({ openProject: join(import.meta.dirname, 'tsconfig.json') })
      .getProjects();
    if (!project) throw new Error('local/aws/tools/tsconfig.json is no project');
    const files = project.rootFiles.filter((file) => file.startsWith(SOURCE) && !ELSEWHERE.test(file));
    const found: Found = { members: new Set(), byOperation: new Set(), handedOn: [] };
    for (const file of files) readFile(project, file, operations, found);
    let left = found.handedOn;
    for (;;) {
      const known = left.filter(([, to]) => found.members.has(to));
      if (known.length === 0) return found;
      for (const [from] of known) found.members.add(from);
      left = left.filter(([from]) => !found.members.has(from));
    }
  } finally {
    api.close();
  }
}

interface Found {
  readonly members: Set<string>;
  readonly byOperation: Set<string>;
  /** A member that is handed on as one of another structure: it is looked at if that one is. */
  readonly handedOn: (readonly [from: string, to: string])[];
}

function readFile(project: Project, file: string, operations: ReadonlySet<string>, found: Found): void {
  const source = project.program.getSourceFile(file);
  if (!source) throw new Error(`${file} is not in the project`);
  const { checker } = project;
  const names: Node[] = [];
  const visit = (node: Node): void => {
    if (isPropertyAccessExpression(node)) names.push(node.name);
    else if (isBindingElement(node)) bound(checker, node, found);
    else if (isElementAccessExpression(node)) element(checker, node, found);
    else if (isCallExpression(node)) handOver(checker, node, found);
    else if (isPropertyAssignment(node) || isShorthandPropertyAssignment(node)) {
      const name = isIdentifier(node.name) ? node.name.text : '';
      const folder = relative(SOURCE, dirname(file)).split('/')[0] ?? '';
      if (operations.has(name)) handler(checker, node, `${folder} ${name}`, found);
    }
    node.forEachChild((child) => void visit(child));
  };
  visit(source);
  for (const symbol of names.length > 0 ? checker.getSymbolAtLocation(names) : []) note(symbol, found);
}

/** `{ cluster = 'default' }`. */
function bound(checker: Checker, node: Node, found: Found): void {
  if (!isBindingElement(node) || !isObjectBindingPattern(node.parent) || node.dotDotDotToken) return;
  const name = node.propertyName ?? node.name;
  if (!name || !isIdentifier(name)) return;
  const type = checker.getTypeAtLocation(node.parent);
  if (type) note(checker.getPropertyOfType(type, name.text), found);
}

/** `input[member]`, where the type of `member` names all that it can be. */
function element(checker: Checker, node: Node, found: Found): void {
  if (!isElementAccessExpression(node)) return;
  const [type, key] = checker.getTypeAtLocation([node.expression, node.argumentExpression]);
  for (const one of key ? parts(key) : []) {
    const value: unknown = Reflect.get(one, 'value');
    if (type && typeof value === 'string') note(checker.getPropertyOfType(type, value), found);
  }
}

/**
 * A function that takes an SDK's structure under a type of our own looks at what this type names; and one that is given names of
 * members besides, such as `described(…, input, 'SubnetIds', …)`, at those.
 */
function handOver(checker: Checker, call: Node, found: Found): void {
  if (!isCallExpression(call)) return;
  const nodes = [...call.arguments];
  const types = nodes.length > 0 ? checker.getTypeAtLocation(nodes) : [];
  const structures = nodes.filter((node, i) => !isFunctionLike(node) && isObject(types[i]));
  const callbacks = nodes.filter((node, i) => isObject(types[i]) && !structures.includes(node));
  const signature = structures.length > 0 ? checker.getResolvedSignature(call) : undefined;
  const declared = signature?.getTarget() ?? signature;
  for (const [i, node] of nodes.entries()) {
    const given = types[i];
    if (!given || !isObject(given)) continue;
    if (structures.includes(node) && declared && i < declared.getParameters().length) {
      const parameter = checker.getParameterType(declared, i);
      const bound =
        parameter && isTypeParameter(parameter) ? checker.getConstraintOfTypeParameter(parameter) : parameter;
      if (bound) compare(checker, given, bound, found);
      for (const name of namesIn(nodes)) note(checker.getPropertyOfType(given, name), found);
    }
    const wanted = callbacks.includes(node) ? checker.getContextualType(node as never) : undefined; // an argument is an expression
    if (wanted) compare(checker, given, wanted, found);
  }
}

function namesIn(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((node) =>
    isStringLiteral(node) ? [node.text] : isArrayLiteralExpression(node) ? namesIn([...node.elements]) : [],
  );
}

function compare(checker: Checker, given: Type, wanted: Type, found: Found, depth = 4): void {
  if (depth === 0 || given === wanted) return;
  const [gives, wants] = [given, wanted].map(
    (type) => checker.getSignaturesOfType(type, SignatureKind.Call)[0],
  );
  if (gives && wants) {
    // A callback: what it is called with is what it takes.
    if (gives.getParameters().length === 0 || wants.getParameters().length === 0) return;
    const [taken, told] = [gives, wants].map((signature) => checker.getParameterType(signature, 0));
    if (taken && told) compare(checker, told, taken, found, depth - 1);
    return;
  }
  for (const part of parts(wanted)) {
    const items = itemOf(checker, part);
    const from = parts(given)
      .map((one) => itemOf(checker, one))
      .find((one) => one !== undefined);
    if (items && from) compare(checker, from, items, found, depth - 1);
    else if (!items) members(checker, given, part, found, depth);
  }
}

function members(checker: Checker, given: Type, wanted: Type, found: Found, depth: number): void {
  if ((Reflect.get(wanted, 'flags') & (OBJECT | INTERSECTION)) === 0) return;
  for (const property of checker.getPropertiesOfType(wanted)) {
    const own = checker.getPropertyOfType(given, property.name);
    if (!own || !isOfSdk(own)) continue;
    const [from, to] = [keyOf(own), keyOf(property)];
    if (from !== undefined && from === to) continue;
    if (from !== undefined && to !== undefined) found.handedOn.push([from, to]);
    else note(own, found);
    const [inner, wantedInner] = [own, property].map((one) => {
      const type = checker.getTypeOfSymbol(one);
      return type && (checker.getNonNullableType(type) ?? type);
    });
    if (inner && wantedInner) compare(checker, inner, wantedInner, found, depth - 1);
  }
}

/** A handler whose input has a type of our own: what this names is what it looks at. */
function handler(checker: Checker, node: Node, operation: string, found: Found): void {
  const value = isPropertyAssignment(node)
    ? node.initializer
    : isShorthandPropertyAssignment(node)
      ? node.name
      : undefined;
  const type = value && checker.getTypeAtLocation(value);
  const signature = type && checker.getSignaturesOfType(type, SignatureKind.Call)[0];
  if (!signature || signature.getParameters().length === 0) return;
  const input = checker.getParameterType(signature, 0);
  if (!input || !mayHold(input)) return;
  for (const property of checker.getPropertiesOfType(input))
    if (!isOfSdk(property)) found.byOperation.add(`${operation}.${property.name}`);
}

const CLIENT = /@aws-sdk\/(client-[a-z0-9-]+)\//;

function note(symbol: Named | undefined, found: Found): void {
  const key = symbol && keyOf(symbol);
  if (key !== undefined) found.members.add(key);
}

/** `client-ecs RunTaskRequest.cluster`; undefined for a member of a type of ours. */
function keyOf(symbol: Named): string | undefined {
  const at = symbol.declarations.find(({ path }) => CLIENT.test(path));
  const [, client] = CLIENT.exec(at?.path ?? '') ?? [];
  if (!at || client === undefined) return undefined;
  const named = symbol.getParent()?.name;
  return `${client} ${named === undefined || named.startsWith('__') ? structureAt(at) : named}.${symbol.name}`;
}

/** Of a mapped type, the interface that has the member; of a body in a command's own type, the command's request. */
function structureAt(at: NodeHandle): string | undefined {
  for (let node = at.resolve()?.parent; node; node = node.parent) {
    if (isInterfaceDeclaration(node)) return node.name.text;
    if (isTypeAliasDeclaration(node)) return node.name.text.replace(/CommandInput.*$/, 'Request');
  }
  return undefined;
}

function isOfSdk(symbol: Named): boolean {
  return keyOf(symbol) !== undefined;
}
