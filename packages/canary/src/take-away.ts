import type { CanaryAccount } from './account.ts';
import type { Stage } from './github-stage.ts';
import { leftoversIn } from './leftovers.ts';
import { isOfCanary } from './run-plays.ts';

/** Does the work, and takes away what canaries have made: before it what an earlier one left, and after it also when it failed. */
export async function leavingNothing<R>(
  stage: Stage,
  account: CanaryAccount,
  work: () => Promise<R>,
): Promise<R> {
  await takeAway(stage, account);
  try {
    return await work();
  } finally {
    await takeAway(stage, account);
  }
}

async function takeAway(stage: Stage, account: CanaryAccount): Promise<void> {
  const commits = (await stage.commits()).filter(isOfCanary).map(({ sha }) => sha);
  await account.takeAway(leftoversIn(await account.inventory(), commits));
}
