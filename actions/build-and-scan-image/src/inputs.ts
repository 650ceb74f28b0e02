import {
  type Given,
  integer,
  lines,
  oneOf,
  optional,
  type Reader,
  text,
} from '@tenant-delivery/action-kit/readers';
import { changeInputs } from '@tenant-delivery/delivery/inputs';

/** A relative path that does not climb; what it leads to through links is judged when it is opened. */
const INSIDE = /^(?!\/)(?!.*(^|\/)\.\.(\/|$))\P{Cc}+$/u;

const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const;

/** A tag; not one under which tools keep signatures, nor one of a revision. */
const VERSION = /^(?!sha256-)(?![0-9a-f]{40})[A-Za-z0-9_][\w.-]{0,127}$/;
const CONTEXT = /^[a-z0-9][a-z0-9._-]*$/;
const REPOSITORY = /^[a-z0-9]+([._/-][a-z0-9]+)*$/;
/** Source and revision are said by this action. */
const LABEL = /^(?!org\.opencontainers\.image\.(revision|source)$)[A-Za-z0-9][\w./-]*$/;

/** `NAME=VALUE` lines, each name once. */
function pairs(what: string, name: RegExp, value = /^/): Reader<Readonly<Record<string, string>>> {
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

/** Several in one image, in any order and with commas or blanks between them; each once, sorted. */
const platforms: Reader<readonly (typeof PLATFORMS)[number][]> = (given) => {
  const words = given.split(/[\s,]+/).filter((word) => word !== '');
  const read = (words.length === 0 ? [''] : words).map(oneOf(...PLATFORMS));
  const wrong = read.find((one) => 'problem' in one);
  if (wrong !== undefined) return wrong;
  const known = read.flatMap((one) => ('value' in one ? one.value : []));
  return { value: PLATFORMS.filter((one) => known.includes(one)) };
};

export const inputs = {
  ...changeInputs,
  context: text('a folder of the workspace, such as . or services/orders', INSIDE),
  'context-megabytes': integer(1, 1_000_000),
  dockerfile: text('a path inside the context, such as Dockerfile', INSIDE),
  platforms,
  platform: optional(platforms),
  'build-args': lines(),
  target: optional(text('the name of a stage of the Dockerfile', /^[A-Za-z0-9][\w.-]*$/)),
  'build-contexts': pairs('a name and a folder of the workspace, as assets=web/dist', CONTEXT, INSIDE),
  secrets: lines(),
  'secret-files': lines(),
  'secrets-variable': optional(text('the name of a variable, as BUILD_SECRETS', /^[A-Za-z_]\w*$/)),
  labels: pairs('a label, as org.opencontainers.image.title=Orders', LABEL),
  annotations: pairs('an annotation, as org.opencontainers.image.version=1.2.3', LABEL),
  version: optional(text('a tag such as 1.4.0, and none that tools or this action make', VERSION)),
  'cache-repository': optional(
    text('the name of a repository of the registry, as acme/orders-cache', REPOSITORY),
  ),
  builder: oneOf('auto', 'buildx', 'own'),
  'scan-minutes': integer(1, 60),
  'replication-minutes': integer(1, 120),
};

export type BuildInputs = Omit<Given<typeof inputs>, 'platform'>;

/** `platform` is another name for `platforms`; the one that was given without a default wins. */
export function withoutAliases({ platform, ...given }: Given<typeof inputs>): BuildInputs {
  return { ...given, platforms: platform ?? given.platforms };
}
