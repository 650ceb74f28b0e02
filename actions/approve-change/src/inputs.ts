import { type Given, lines, type Reader, text } from '@tenant-delivery/action-kit/readers';
import { targetInputs } from '@tenant-delivery/delivery/inputs';

/** A change of the service that `service` names, or of another one: `SERVICE/chg_…`. */
export interface ChangeReference {
  readonly service: string | undefined;
  readonly change: string;
}

const REFERENCE = /^(?:([a-z][a-z0-9-]{0,39})\/)?(chg_[0-9A-HJKMNP-TV-Z]{26})$/;

const references: Reader<readonly ChangeReference[]> = (given) => {
  const read = lines()(given);
  const named = 'value' in read ? read.value : [];
  const fix = 'give the `change` output of open-change, one a line, as chg_… or SERVICE/chg_…';
  if (named.length === 0) return { problem: 'is missing', fix };
  const wrong = named.filter((line) => !REFERENCE.test(line));
  if (wrong.length > 0)
    return { problem: `has ${wrong.map((line) => JSON.stringify(line.slice(0, 80))).join(', ')}`, fix };
  const found = named.map((line) => {
    const [, service, change = ''] = REFERENCE.exec(line) ?? [];
    return { service, change };
  });
  return { value: found };
};

export const inputs = {
  ...targetInputs,
  changes: references,
  'github-token': text("the job's token; leave it out to use it"),
};

export type ApproveChangeInputs = Given<typeof inputs>;
