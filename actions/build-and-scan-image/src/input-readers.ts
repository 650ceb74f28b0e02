import { oneOf, type Reader } from '@tenant-delivery/action-kit/readers';

/** `NAME=VALUE` lines, each name once. */
export function pairs(what: string, name: RegExp, value = /^/): Reader<Readonly<Record<string, string>>> {
  return (given) => {
    const read = new Map<string, string>();
    for (const line of given.split('\n').map((one) => one.trim())) {
      if (line === '') continue;
      const at = line.indexOf('=');
      const [key, text] = [line.slice(0, at), line.slice(at + 1)];
      if (at < 1 || !name.test(key) || !value.test(text) || read.has(key)) {
        return {
          problem: `has the line ${JSON.stringify(line.slice(0, 80))}`,
          fix: `give ${what}, each name once`,
        };
      }
      read.set(key, text);
    }
    return { value: Object.fromEntries(read) };
  };
}

const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const;

/** Several in one image, in any order and with commas or blanks between them; each once, sorted. */
export const taskPlatforms: Reader<readonly string[]> = (given) => {
  const words = given.split(/[\s,]+/).filter((word) => word !== '');
  const read = (words.length === 0 ? [''] : words).map(oneOf(...PLATFORMS));
  const wrong = read.find((one) => 'problem' in one);
  if (wrong !== undefined) return wrong;
  const known = read.flatMap((one) => ('value' in one ? one.value : []));
  return { value: PLATFORMS.filter((one) => known.includes(one)) };
};

const PLATFORM = /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/;

/** Any platform that an image can be for. BuildKit calls linux/arm64/v8 linux/arm64 too. */
export const anyPlatforms: Reader<readonly string[]> = (given) => {
  const words = given.split(/[\s,]+/).filter((word) => word !== '');
  const wrong = words.find((word) => !PLATFORM.test(word));
  if (wrong !== undefined || words.length === 0)
    return {
      problem: wrong === undefined ? 'is missing' : `has ${JSON.stringify(wrong.slice(0, 80))}`,
      fix: 'give platforms such as linux/amd64, separated by commas',
    };
  return {
    value: [...new Set(words.map((word) => word.replace(/^linux\/arm64\/v8$/, 'linux/arm64')))].sort(),
  };
};

/** Values on lines of their own or with commas between them, as Docker's actions take lists. */
export function listed(what: string, pattern: RegExp): Reader<readonly string[]> {
  return (given) => {
    const words = given
      .split(/[\n,]/)
      .map((word) => word.trim())
      .filter((word) => word !== '');
    const wrong = words.find((word) => !pattern.test(word));
    return wrong === undefined
      ? { value: words }
      : { problem: `has ${JSON.stringify(wrong.slice(0, 80))}`, fix: `give ${what}` };
  };
}
