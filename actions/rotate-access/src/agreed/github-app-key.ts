import { clearedGithubAppKey, escrowArnOf } from '@tenant-delivery/aws/credentials/cleared-github-keys';
import { frozenUntil } from '@tenant-delivery/credentials/freezes';
import { agreedGithubAppKey } from '@tenant-delivery/credentials/github-app-key/agreed';
import { rotatableGithubAppKey } from '@tenant-delivery/credentials/github-app-key/kind';
import { appDoor } from '@tenant-delivery/github/app/app-door';
import { consumersOf } from './consumers.ts';
import { clientsOf } from './github-clients.ts';
import type { CredentialOpening } from './opening.ts';

/** GitHub is asked with the App's own keys, each as escrow has it: no other token is needed. */
export const opening: CredentialOpening<'github-app-key'> = {
  subject: ({ escrow }, { session }) => escrowArnOf(session, escrow),
  open: async (clearance, around) => {
    const { session, masks, given, process } = around;
    const { credential } = clearance;
    const { app, escrow } = credential;
    const { aws, time } = clearedGithubAppKey(session, clearance, masks);
    const consumers = await consumersOf(credential.consumers, around, undefined);
    const door = appDoor(app, { clientFor: clientsOf(around), clock: session.clock, masker: masks });
    const policy = {
      ...agreedGithubAppKey(credential),
      wish: given.wish,
      closedUntil: frozenUntil(credential, session.clock.now()),
    };
    const world = { ...aws, app, secret: escrow, door, consumers };
    return { rotatable: rotatableGithubAppKey(credential.id, world, policy, process), time };
  },
};
