import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Values = Readonly<Record<string, string | number | readonly string[]>>;

/** Reads JSON files of `templates/iam` with their placeholders filled in. */
export type Templates = (file: string, values: Values) => unknown;

/** The templates of a directory, or of the first `templates/iam` found upward from here. */
export function templatesIn(directory: string = findUpward(import.meta.dirname)): Templates {
  return (file, values) => fill(JSON.parse(readFileSync(join(directory, file), 'utf8')), values, file);
}

function findUpward(from: string): string {
  const here = join(from, 'templates', 'iam');
  if (existsSync(here)) return here;
  const above = dirname(from);
  if (above === from) throw new Error('templates/iam is nowhere above local-aws; give its path');
  return findUpward(above);
}

/** A string that is one placeholder takes the value as it is; a list inside a list becomes its items. */
function fill(node: unknown, values: Values, file: string): unknown {
  if (typeof node === 'string') return fillText(node, values, file);
  if (Array.isArray(node))
    return node.flatMap((item) => fill(item, values, file)).filter((item) => !isOverNothing(item));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, fill(item, values, file)]));
}

/** A statement over no resource at all, which IAM would refuse. */
function isOverNothing(node: unknown): boolean {
  const resource = typeof node === 'object' && node !== null && Reflect.get(node, 'Resource');
  return Array.isArray(resource) && resource.length === 0;
}

const PLACEHOLDER = /\$\{([A-Za-z]+)\}/g;

function fillText(text: string, values: Values, file: string): unknown {
  const given = (name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new Error(`templates/iam/${file} asks for \${${name}}, which has no value`);
    return value;
  };
  const whole = /^\$\{([A-Za-z]+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return given(whole);
  return text.replace(PLACEHOLDER, (_, name: string) => String(given(name)));
}
