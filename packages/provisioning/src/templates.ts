import { readReleaseFile } from '@tenant-delivery/action-kit/release-file';

export type Values = Readonly<Record<string, string | number | readonly string[]>>;

/** A file of `templates/iam` with its placeholders filled in. */
export type Templates = (file: string, values: Values) => unknown;

/** The templates that this release ships. */
export const shippedTemplates: Templates = (file, values) => {
  const path = `templates/iam/${file}`;
  const text = readReleaseFile(path, import.meta.dirname);
  if (text === undefined) throw new Error(`${path} is missing from this release`);
  return fill(JSON.parse(text), values, path);
};

/** A string that is one placeholder takes the value as it is; a list inside a list becomes its items. */
function fill(node: unknown, values: Values, path: string): unknown {
  if (typeof node === 'string') return fillText(node, values, path);
  if (Array.isArray(node))
    return node.flatMap((item) => fill(item, values, path)).filter((item) => !isOverNothing(item));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, fill(item, values, path)]));
}

/** A statement over no resource at all, which IAM would refuse. */
function isOverNothing(node: unknown): boolean {
  const resource = typeof node === 'object' && node !== null && Reflect.get(node, 'Resource');
  return Array.isArray(resource) && resource.length === 0;
}

const PLACEHOLDER = /\$\{([A-Za-z]+)\}/g;

function fillText(text: string, values: Values, path: string): unknown {
  const given = (name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${path} asks for \${${name}}, which has no value`);
    return value;
  };
  const whole = /^\$\{([A-Za-z]+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return given(whole);
  return text.replace(PLACEHOLDER, (_, name: string) => String(given(name)));
}
