import { type Given, integer, lines, oneOf, text } from '@tenant-delivery/action-kit/readers';
import { changeInputs } from '@tenant-delivery/delivery/inputs';

/** A relative path that does not climb; what it leads to through links is judged when it is opened. */
const INSIDE = /^(?!\/)(?!.*(^|\/)\.\.(\/|$))\P{Cc}+$/u;

export const inputs = {
  ...changeInputs,
  context: text('a folder of the workspace, such as . or services/orders', INSIDE),
  dockerfile: text('a path inside the context, such as Dockerfile', INSIDE),
  platform: oneOf('linux/amd64', 'linux/arm64'),
  'build-args': lines(),
  builder: oneOf('auto', 'buildx', 'own'),
  'scan-minutes': integer(1, 60),
};

export type BuildInputs = Given<typeof inputs>;
