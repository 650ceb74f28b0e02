import { type Given, integer, lines, oneOf, type Reader, text } from '@tenant-delivery/action-kit/readers';
import { changeInputs } from '@tenant-delivery/delivery/inputs';

/** A relative path that does not climb; what it leads to through links is judged when it is opened. */
const INSIDE = /^(?!\/)(?!.*(^|\/)\.\.(\/|$))\P{Cc}+$/u;

const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const;

/** Whoever knows buildx may ask for several at once. */
const onePlatform: Reader<(typeof PLATFORMS)[number]> = (given) => {
  const read = oneOf(...PLATFORMS)(given);
  return 'value' in read || !given.includes(',')
    ? read
    : { ...read, fix: `${read.fix}; several platforms in one image are not supported yet` };
};

export const inputs = {
  ...changeInputs,
  context: text('a folder of the workspace, such as . or services/orders', INSIDE),
  dockerfile: text('a path inside the context, such as Dockerfile', INSIDE),
  platform: onePlatform,
  'build-args': lines(),
  builder: oneOf('auto', 'buildx', 'own'),
  'scan-minutes': integer(1, 60),
};

export type BuildInputs = Given<typeof inputs>;
