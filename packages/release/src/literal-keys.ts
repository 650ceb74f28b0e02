import { readFileSync } from 'node:fs';
import type { Plugin } from 'rolldown';

const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;

/**
 * Writes the keys of the SDK's schemas as what they are: `{ [_xN]: … }` becomes `{ "xmlName": … }`, where the same file
 * says `const _xN = "xmlName"`. A computed key may run code, as far as a bundler knows, so it would keep the schemas of
 * every operation of a service: the client of EC2 is 1.1 MB with them and 0.1 MB without.
 */
export const literalKeys: Plugin = {
  name: 'literal-keys',
  load: {
    filter: { id: SCHEMAS },
    handler: (path) => withLiteralKeys(readFileSync(path, 'utf8')),
  },
};

/** `__proto__` stays computed: as a literal key it would set a prototype. */
export function withLiteralKeys(source: string): string {
  const constants = source.matchAll(/^const (\w+) = ("[^"\\\n]*");$/gm);
  const texts = new Map([...constants].map(([, name = '', text = '']) => [name, text]));
  return source.replaceAll(/\[(\w+)\]:/g, (computed, name: string) => {
    const text = texts.get(name);
    return text === undefined || text === '"__proto__"' ? computed : `${text}:`;
  });
}
