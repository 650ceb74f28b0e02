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
  dockerfile: text('a path inside the context, such as Dockerfile', INSIDE),
  platforms,
  platform: optional(platforms),
  'build-args': lines(),
  target: optional(text('the name of a stage of the Dockerfile', /^[A-Za-z0-9][\w.-]*$/)),
  builder: oneOf('auto', 'buildx', 'own'),
  'scan-minutes': integer(1, 60),
};

export type BuildInputs = Omit<Given<typeof inputs>, 'platform'>;

/** `platform` is another name for `platforms`; the one that was given without a default wins. */
export function withoutAliases({ platform, ...given }: Given<typeof inputs>): BuildInputs {
  return { ...given, platforms: platform ?? given.platforms };
}
