import { type Read, yamlIn } from './values-by-container.ts';

/** `name=value`, one a line; anything else is YAML. A value may hold further `=`. */
export function pairsOrYaml(text: string): Read {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const pairs = lines.map((line) => /^([^\s=:{]+)\s*=\s*(.*)$/.exec(line));
  if (lines.length === 0 || !pairs.every((pair) => pair !== null)) return yamlIn(text);
  const names = pairs.map((pair) => pair?.[1] ?? '');
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length > 0) return { mistakes: twice.map((name) => `names ${name} twice`) };
  return { value: Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])) };
}
