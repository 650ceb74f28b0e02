import { required } from '../errors/translate.ts';
import { childOf, childrenOf, textOf, type Xml } from './signed-call.ts';

/** A text that an element must have; an empty one is none. `of` names the element. */
export function requiredText(element: Xml | undefined, of: string, name: string): string {
  return required(textOf(element, name) || undefined, `${of}.${name}`);
}

/**
 * The members of a list that may be empty. Throws for no list, and for anything but members in it. awsQuery calls each
 * `member`, ec2Query `item`.
 */
export function membersIn(
  element: Xml | undefined,
  name: string,
  each: 'member' | 'item' = 'member',
): readonly Xml[] {
  const list = required(childOf(element, name), name);
  const members = childrenOf(list, each);
  return required(list === '' || members.length > 0 ? members : undefined, `${name}.${each}`);
}

/** A whole number; `undefined` where there is none. Throws for an element that is no number. */
export function integerIn(element: Xml | undefined, name: string): number | undefined {
  const said = childOf(element, name);
  if (said === undefined) return undefined;
  const number = typeof said === 'string' && /^\d{1,15}$/.test(said) ? Number(said) : undefined;
  return required(number, `${name} as a number`);
}
