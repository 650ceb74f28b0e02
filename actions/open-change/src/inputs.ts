import { type Given, oneOf, optional, text } from '@tenant-delivery/action-kit/readers';
import { targetInputs } from '@tenant-delivery/delivery/inputs';
import { comesFromElsewhere, DELIVERY_KINDS } from '@tenant-delivery/domain';

const PATH = /^(?!\/)[^\0\\]{1,300}$/;
const path = (what: string) => text(`${what}, relative to the workspace`, PATH);

export const inputs = {
  ...targetInputs,
  manifest: path('the path of the service manifest'),
  'base-manifest': optional(path('the path of the manifest as it is without the pull request')),
  kind: oneOf(...DELIVERY_KINDS),
  mode: oneOf('propose', 'assess'),
  to: text('previous, or the id of the change to go back to', /^(previous|chg_[0-9A-HJKMNP-TV-Z]{26})$/),
  from: text('latest, or the id of the change to bring here', /^(latest|chg_[0-9A-HJKMNP-TV-Z]{26})$/),
  'from-region': optional(targetInputs.region),
  reason: optional(text('at most 500 characters', /^[\s\S]{1,500}$/)),
  'external-ref': optional(
    text('a ticket number of at most 100 letters, digits and . _ / # : -', /^[\w./#:-]{1,100}$/),
  ),
  'github-token': text("the job's token; leave it out to use it"),
};

export type OpenChangeInputs = Given<typeof inputs>;

/** What is wrong between inputs that are right each by itself. */
export function contradictions(given: OpenChangeInputs): readonly string[] {
  const found: string[] = [];
  if (given.kind !== 'deploy' && given.mode === 'assess')
    found.push('mode is "assess": only a deploy can be assessed, so give propose');
  if (given.kind === 'rollback' && given.reason === undefined)
    found.push('reason is missing: say why this service is rolled back');
  if (given.kind !== 'rollback' && given.to !== 'previous')
    found.push(`to is "${given.to}": only a rollback goes back to a change, so remove it`);
  if (!comesFromElsewhere(given.kind)) {
    if (given.from !== 'latest')
      found.push(
        `from is "${given.from}": only a promotion or an exercise brings a change here, so remove it`,
      );
    if (given['from-region'] !== undefined)
      found.push('from-region is given: only a promotion or an exercise comes from elsewhere, so remove it');
  }
  if (given.mode === 'assess' && given['base-manifest'] === undefined)
    found.push('base-manifest is missing: give the path of the manifest on the base branch');
  return found;
}
