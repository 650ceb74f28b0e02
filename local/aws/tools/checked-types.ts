import type { Node } from 'typescript/unstable/ast';
import { isArrowFunction, isFunctionExpression } from 'typescript/unstable/ast/is';
import { type Checker, type Type, TypeFlags, type TypeParameter } from 'typescript/unstable/sync';

export const { Object: OBJECT, Intersection: INTERSECTION } = TypeFlags;
const { Union: UNION } = TypeFlags;

export function isFunctionLike(node: Node): boolean {
  return isArrowFunction(node) || isFunctionExpression(node);
}

export function isObject(type: Type | undefined): boolean {
  return type !== undefined && mayHold(type);
}

export function isTypeParameter(type: Type): type is TypeParameter {
  return (Reflect.get(type, 'flags') & TypeFlags.TypeParameter) !== 0;
}

export function mayHold(type: Type): boolean {
  return (Reflect.get(type, 'flags') & (OBJECT | UNION | INTERSECTION)) !== 0;
}

export function parts(type: Type): readonly Type[] {
  return (Reflect.get(type, 'flags') & UNION) === 0
    ? [type]
    : (type as Type & { getTypes(): readonly Type[] }).getTypes();
}

/** What an array or a map is of. */
export function itemOf(checker: Checker, type: Type): Type | undefined {
  if ((Reflect.get(type, 'flags') & OBJECT) === 0) return undefined;
  return checker.getIndexInfosOfType(type)[0]?.valueType;
}
