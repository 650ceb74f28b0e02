import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

const SHAPES = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;

/**
 * Lets the bundler drop the shapes of operations that no adapter asks for. The SDK's clients write a shape's traits
 * with computed keys, `{ [_hH]: … }` where `const _hH = "httpHeader"`, and its types as `64 | 0`. Either could have an
 * effect for all that esbuild knows, so that it keeps every shape which has one, and all that such a shape names.
 * Written out, `{ "httpHeader": … }` and `64`, they are the same and plainly have none.
 */
export const unusedShapes: Plugin = {
  name: 'unused-shapes',
  setup(build) {
    build.onLoad({ filter: SHAPES }, ({ path }) => ({
      contents: writtenOut(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
};

/** The same module with its computed keys and numbers written out. What is in quotes stays as it is. */
export function writtenOut(source: string): string {
  const texts = new Map(
    [...source.matchAll(/^const (\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return source.replace(/"(?:[^"\\]|\\.)*"|\[(\w+)\]:|\b(\d+) \| (\d+)\b/g, (found, key, left, right) => {
    if (texts.has(key)) return `${texts.get(key)}:`;
    return left === undefined ? found : String(Number(left) | Number(right));
  });
}
