import {
  clearedPullThrough,
  upstreamSecretArnOf,
} from '@tenant-delivery/aws/credentials/cleared-pull-through';
import { frozenUntil } from '@tenant-delivery/credentials/freezes';
import { agreedPullThrough } from '@tenant-delivery/credentials/pull-through/agreed';
import { rotatablePullThrough } from '@tenant-delivery/credentials/pull-through/kind';
import { acknowledgedBy } from '../acknowledgements.ts';
import type { CredentialOpening } from './opening.ts';

export const opening: CredentialOpening<'pull-through'> = {
  subject: ({ secret }, { session }) => upstreamSecretArnOf(session, secret),
  open: async (clearance, { session, given, runner, process }) => {
    const { credential } = clearance;
    const { world, time } = clearedPullThrough(session, clearance);
    const key = acknowledgedBy(given.acknowledge, ['owner'])('owner');
    const acknowledged = key === undefined ? undefined : { key, by: runner.context.triggeringActor };
    const policy = {
      ...agreedPullThrough(credential),
      wish: given.wish,
      closedUntil: frozenUntil(credential, session.clock.now()),
    };
    const turned = { ...world, acknowledged };
    return { rotatable: rotatablePullThrough(credential.id, turned, policy, process), time };
  },
};
