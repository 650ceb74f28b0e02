import type { Reader } from '@tenant-delivery/action-kit/readers';

const ANNOTATION = /^(?:([a-z,-]+):)?([A-Za-z0-9][\w./-]*)=(.*)$/;
const LEVELS = ['manifest', 'index'];

/**
 * `NAME=VALUE` lines, with the levels that docker/metadata-action writes in front of them. Ours are always on every manifest
 * and on the index, so a value for one level alone is refused where another level has another value.
 */
export const annotationLines: Reader<Readonly<Record<string, string>>> = (given) => {
  const read = new Map<string, string>();
  for (const line of given.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const [, levels = '', name = '', value = ''] = ANNOTATION.exec(line) ?? [];
    const wrong = levels.split(',').filter((level) => level !== '' && !LEVELS.includes(level));
    const other = read.get(name);
    if (name === '' || wrong.length > 0 || (other !== undefined && other !== value))
      return {
        problem: `has the line ${JSON.stringify(line.slice(0, 80))}`,
        fix: 'give NAME=VALUE, manifest:NAME=VALUE or index:NAME=VALUE, and one value for a name: it is written on every manifest and on the index',
      };
    read.set(name, value);
  }
  return { value: Object.fromEntries(read) };
};
