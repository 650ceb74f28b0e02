import { admitChange } from '@tenant-delivery/delivery/admit-change';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { BuildInputs } from './inputs.ts';
import { type OpenRepository, openRepository } from './open-repository.ts';
import type { World } from './ports.ts';
import { type Purpose, purposeOf } from './purpose.ts';

/** What one run of this action works for and with, once contract, change and repository are known. */
export interface Job {
  readonly given: BuildInputs;
  readonly world: World;
  readonly admission: Admission;
  readonly change: ChangeHandle;
  readonly repository: OpenRepository;
  readonly purpose: Purpose;
}

export async function openJob(given: BuildInputs, world: World): Promise<Job> {
  const { admission, change } = await admitChange(world, targetOf(given), given.change);
  const repository = await openRepository(world, admission);
  const purpose = await purposeOf(world, admission, repository.uri);
  world.runner.info(`${change.id} is ${change.state}; its image will be in ${repository.uri}`);
  return { given, world, admission, change, repository, purpose };
}
