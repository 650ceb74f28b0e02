import { invalid, notHere } from './refusals.ts';

/** What a reference leads to. `undefined` leaves the property out, as AWS::NoValue does. */
export interface Scope {
  ref(name: string): unknown;
  att(resource: string, attribute: string): unknown;
}

/** What stands in a change set for a value that only its execution brings. */
export const LATER = '{{changeSet:KNOWN_AFTER_APPLY}}';

const KNOWN = ['Ref', 'Fn::GetAtt', 'Fn::Sub', 'Fn::Join', 'Fn::Split', 'Fn::Select'] as const;
type Intrinsic = (typeof KNOWN)[number];

/** The intrinsic that a value is, with what it is given; `undefined` of plain data. */
function intrinsicIn(value: unknown): readonly [name: Intrinsic, given: unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [entry, ...more] = Object.entries(value);
  if (!entry) return undefined;
  const [name, given] = entry;
  const known = KNOWN.find((one) => one === name);
  if (known && more.length === 0) return [known, given];
  const other = Object.keys(value).find(
    (key) =>
      key.startsWith('Fn::') || (key === 'Condition' && more.length === 0 && typeof given === 'string'),
  );
  if (other !== undefined && !known) throw notHere(other);
  return undefined;
}

/** Whether a value of a template is worked out, and not plain data. */
export const isIntrinsic = (value: unknown): boolean => intrinsicIn(value) !== undefined;

/** A value of a template with all intrinsics replaced by what they give. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const intrinsic = intrinsicIn(value);
  if (intrinsic) return give(intrinsic, scope);
  const members = Object.entries(value).map(([key, item]) => [key, resolve(item, scope)] as const);
  return Object.fromEntries(members.filter(([, item]) => item !== undefined));
}

function give([name, given]: readonly [Intrinsic, unknown], scope: Scope): unknown {
  switch (name) {
    case 'Ref':
      return scope.ref(textOf(name, given));
    case 'Fn::GetAtt':
      return scope.att(...attributeIn(given));
    case 'Fn::Sub':
      return substitute(given, scope);
    case 'Fn::Join': {
      const [separator, parts] = listOf(name, given, 2);
      const all = resolve(parts, scope);
      return isLater(all) ? LATER : elementsOf(name, all).join(textOf(name, separator));
    }
    case 'Fn::Split': {
      const [separator, text] = listOf(name, given, 2);
      const whole = resolve(text, scope);
      return isLater(whole) ? LATER : textOf(name, whole).split(textOf(name, separator));
    }
    case 'Fn::Select': {
      const [index, list] = listOf(name, given, 2);
      const all = resolve(list, scope);
      if (isLater(all)) return LATER;
      const found = elementsOf(name, all)[Number(index)];
      if (found === undefined)
        throw invalid(`Template error: Fn::Select cannot select nonexistent value at index ${index}`);
      return found;
    }
  }
}

function substitute(given: unknown, scope: Scope): string {
  const [text, more = {}] = typeof given === 'string' ? [given] : listOf('Fn::Sub', given, 2);
  const own = Object(more) as Readonly<Record<string, unknown>>; // names with values, or nothing
  return textOf('Fn::Sub', text).replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(own, name)) return String(resolve(own[name], scope));
    const [id = '', ...attribute] = name.split('.');
    return String(attribute.length > 0 ? scope.att(id, attribute.join('.')) : scope.ref(id));
  });
}

/** What a value of a template refers to: parameters and pseudo parameters, resources, attributes of resources. */
export function referencesIn(value: unknown): readonly Reference[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  const [name, given] = intrinsicIn(value) ?? [];
  if (name === 'Fn::Join' || name === 'Fn::Split' || name === 'Fn::Select') listOf(name, given, 2); // refused before anything is made
  if (name === 'Ref') return [{ name: textOf(name, given) }];
  if (name === 'Fn::GetAtt') {
    const [id, attribute] = attributeIn(given);
    return [{ name: id, attribute }];
  }
  if (name === 'Fn::Sub') return referencesOfSub(given);
  return Object.values(value).flatMap(referencesIn);
}

export interface Reference {
  readonly name: string;
  readonly attribute?: string;
}

function referencesOfSub(given: unknown): readonly Reference[] {
  const [text, more = {}] = typeof given === 'string' ? [given] : listOf('Fn::Sub', given, 2);
  const names = [...textOf('Fn::Sub', text).matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => name);
  const ofText = names
    .filter((name) => !Object.hasOwn(Object(more), name))
    .map((name) => {
      const [id = '', ...attribute] = name.split('.');
      return attribute.length > 0 ? { name: id, attribute: attribute.join('.') } : { name: id };
    });
  return [...ofText, ...referencesIn(more)];
}

function attributeIn(given: unknown): [resource: string, attribute: string] {
  const parts = typeof given === 'string' ? given.split(/\.(.*)/s, 2) : given;
  const [id, attribute, ...more] = Array.isArray(parts) ? parts : [];
  if (typeof id !== 'string' || typeof attribute !== 'string' || more.length > 0)
    throw invalid(
      'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
    );
  return [id, attribute];
}

function textOf(name: Intrinsic, given: unknown): string {
  if (typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean')
    return String(given);
  throw invalid(`Template error: every ${name} object must have a single String value.`);
}

function listOf(name: Intrinsic, given: unknown, length: number): readonly unknown[] {
  if (Array.isArray(given) && given.length === length) return given;
  throw invalid(`Template error: every ${name} object requires ${length} parameters`);
}

function elementsOf(name: Intrinsic, given: unknown): readonly string[] {
  if (Array.isArray(given)) return given.map((item) => textOf(name, item));
  throw invalid(`Template error: every ${name} object requires a list of values`);
}

/** Alone, or in a list: then nobody knows how the list goes on. */
function isLater(value: unknown): boolean {
  return value === LATER;
}
