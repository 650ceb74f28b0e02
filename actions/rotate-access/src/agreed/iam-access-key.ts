import {
  appKeyOf,
  clearedIamAccessKey,
  userArnOf,
} from '@tenant-delivery/aws/credentials/cleared-iam-access-key';
import { rotatableIamAccessKey } from '@tenant-delivery/credentials/iam-access-key/kind';
import { agreedPolicy } from '../iam-access-key-policy.ts';
import { consumersOf } from './consumers.ts';
import type { CredentialOpening } from './opening.ts';

export const opening: CredentialOpening<'iam-access-key'> = {
  subject: ({ user }, { session, place, masks }) => userArnOf(session, place, user, masks),
  open: async (clearance, around) => {
    const { session, masks, environment, given, sleep, process } = around;
    const { credential } = clearance;
    const { keys, time } = clearedIamAccessKey(session, clearance, masks);
    const app = environment.githubApp;
    const key = app && (await appKeyOf(session, app, masks));
    const consumers = await consumersOf(credential.consumers, around, app && key && { app, key });
    const policy = agreedPolicy(credential, given, session.clock.now());
    const run = { time, sleep, process };
    return { rotatable: rotatableIamAccessKey(credential.id, { ...keys, consumers }, policy, run), time };
  },
};
