import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { members } from './shape.ts';
import type { Problem } from './validate.ts';

/** `a.b.1=x` as a tree, the form in which both query protocols send their input. */
interface Branch {
  value?: string;
  readonly children: Map<string, Branch>;
}

const scalars = new FromStringShapeDeserializer({
  timestampFormat: { useTrait: true, default: 5 },
  httpBindings: false,
});

/** Reads a form body by its schema. The SDK has only the writing direction. */
export function readForm(
  schema: NormalizedSchema,
  form: URLSearchParams,
  ec2: boolean,
): { readonly input: Record<string, unknown>; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const tree = grow(form);
  tree.children.delete('Action');
  tree.children.delete('Version');
  const input = structure(schema, tree, ec2, '', problems);
  return { input, problems };
}

function grow(form: URLSearchParams): Branch {
  const root: Branch = { children: new Map() };
  for (const [key, value] of form) {
    let branch = root;
    for (const part of key.split('.')) {
      const next = branch.children.get(part) ?? { children: new Map() };
      branch.children.set(part, next);
      branch = next;
    }
    branch.value = value;
  }
  return root;
}

function structure(
  schema: NormalizedSchema,
  branch: Branch,
  ec2: boolean,
  path: string,
  problems: Problem[],
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const known = new Set<string>();
  for (const [name, member] of members(schema)) {
    const key = wireName(name, member, ec2);
    known.add(key);
    const child = branch.children.get(key);
    if (child) value[name] = read(member, child, ec2, join(path, key), problems);
  }
  for (const key of branch.children.keys())
    if (!known.has(key)) problems.push({ kind: 'unknown', path: join(path, key) });
  return value;
}

/** ec2Query: `ec2QueryName`, else the capitalised XML name ("AWS EC2 query protocol", Smithy). */
function wireName(name: string, member: NormalizedSchema, ec2: boolean): string {
  const traits = member.getMergedTraits();
  if (!ec2) return traits.xmlName ?? name;
  const plain = traits.xmlName ?? name;
  const named = traits['ec2QueryName'];
  return typeof named === 'string' ? named : plain.charAt(0).toUpperCase() + plain.slice(1);
}

function read(
  schema: NormalizedSchema,
  branch: Branch,
  ec2: boolean,
  path: string,
  problems: Problem[],
): unknown {
  if (schema.isStructSchema()) return structure(schema, branch, ec2, path, problems);
  const traits = schema.getMergedTraits();
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const holder =
      ec2 || traits.xmlFlattened ? branch : branch.children.get(item.getMergedTraits().xmlName ?? 'member');
    return numbered(holder).map((child, i) => read(item, child, ec2, `${path}.${i + 1}`, problems));
  }
  if (schema.isMapSchema()) {
    const [key, item] = [schema.getKeySchema(), schema.getValueSchema()];
    const holder = traits.xmlFlattened ? branch : branch.children.get('entry');
    const entries = numbered(holder).map((entry) => [
      entry.children.get(key.getMergedTraits().xmlName ?? 'key')?.value ?? '',
      read(item, entry.children.get(item.getMergedTraits().xmlName ?? 'value') ?? entry, ec2, path, problems),
    ]);
    return Object.fromEntries(entries);
  }
  return scalar(schema, branch.value ?? '', path, problems);
}

function scalar(schema: NormalizedSchema, text: string, path: string, problems: Problem[]): unknown {
  if (schema.isNumericSchema() && !/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text))
    problems.push({ kind: 'type', path, expected: 'a number' });
  else if (schema.isBooleanSchema() && !/^(true|false)$/i.test(text))
    problems.push({ kind: 'type', path, expected: 'a boolean' });
  else return scalars.read(schema, text);
  return undefined;
}

function numbered(branch: Branch | undefined): readonly Branch[] {
  return [...(branch?.children ?? [])]
    .filter(([key]) => /^\d+$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
