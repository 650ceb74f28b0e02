import type { Reader } from '@tenant-delivery/action-kit/readers';

/** A cache of build steps, as buildx is told of it. */
export interface Cache {
  readonly type: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const FROM = ['gha', 'registry', 'local'];
const TO = [...FROM, 'inline'];

const REASONS: Readonly<Record<string, string>> = {
  s3: 'the builder gets no AWS credentials',
  azblob: 'the builder gets no credentials of Azure',
};

export const cachesFrom = caches(FROM);
export const cachesTo = caches(TO);

/** One cache per line, `type=…,NAME=VALUE`, or the name of an image, which is a cache in a registry. */
function caches(types: readonly string[]): Reader<readonly Cache[]> {
  return (given) => {
    const lines = given
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const wrong = lines.flatMap((line) => whyNotCache(cacheIn(line), line, types));
    if (wrong.length > 0)
      return { problem: wrong.join('; '), fix: `give caches of the types ${types.join(', ')}, one per line` };
    return { value: lines.map(cacheIn) };
  };
}

function cacheIn(line: string): Cache {
  if (!line.includes('=')) return { type: 'registry', attributes: new Map([['ref', line]]) };
  const all = new Map(
    line.split(',').map((part): [string, string] => {
      const at = part.indexOf('=');
      return [part.slice(0, Math.max(at, 0)).trim().toLowerCase(), part.slice(at + 1).trim()];
    }),
  );
  const { type = '' } = Object.fromEntries(all);
  all.delete('type');
  return { type, attributes: all };
}

function whyNotCache({ type, attributes }: Cache, line: string, types: readonly string[]): readonly string[] {
  const said = JSON.stringify(line.slice(0, 80));
  if (!types.includes(type)) {
    const reason = REASONS[type];
    return [`has ${said}${reason === undefined ? '' : `, and ${reason}`}`];
  }
  const nameless = attributes.has('') || [...attributes.values()].some((value) => /["\p{Cc}]/u.test(value));
  const unnamed = type === 'registry' && !attributes.get('ref');
  return nameless || unnamed ? [`has ${said}, which names no cache`] : [];
}

/** As an argument of buildx. ECR takes a cache only as an image manifest with the types of OCI. */
export function cacheArgument(
  { type, attributes }: Cache,
  direction: 'from' | 'to',
  ecr: string | undefined,
): string {
  const own = type === 'registry' && direction === 'to' && attributes.get('ref')?.startsWith(`${ecr}/`);
  const all = [
    ['type', type],
    ...attributes,
    ...(own ? ECR_NEEDS.filter(([name]) => !attributes.has(name)) : []),
  ];
  return all.map(([name, value]) => `${name}=${value}`).join(',');
}

const ECR_NEEDS: readonly (readonly [string, string])[] = [
  ['image-manifest', 'true'],
  ['oci-mediatypes', 'true'],
];
