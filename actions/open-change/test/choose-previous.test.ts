import { describe, expect, it } from '@jest/globals';
import type { EarlierChange } from '@tenant-delivery/delivery/earlier-changes';
import type { ChangeKind, ChangeState } from '@tenant-delivery/domain';
import { choosePrevious } from '../src/choose-previous.ts';

interface Told {
  readonly id: string;
  readonly kind?: ChangeKind;
  readonly state?: ChangeState;
  readonly image: string;
}

/** Changes in the order of their deployments, as `deployedChanges` answers them: the latest first. */
function history(...told: readonly Told[]): readonly EarlierChange[] {
  return told
    .map(({ id, kind = 'deploy', state = 'closed', image }, index): EarlierChange => {
      const deployedAt = Date.UTC(2026, 0, 1, index);
      return { id, kind, state, image, deployedAt, at: deployedAt, run: { runId: '1', runAttempt: 1 } };
    })
    .reverse();
}

async function previous(deployed: readonly EarlierChange[], goals: Readonly<Record<string, string>> = {}) {
  const choice = await choosePrevious(
    (async function* () {
      yield* deployed;
    })(),
    async (id) => goals[id] ?? '',
  );
  return [choice.present, await choice.previous()];
}

describe('the previous version', () => {
  it('is the verified one before the one that runs', async () => {
    const deployed = history({ id: 'v1', image: 'a' }, { id: 'v2', image: 'b' }, { id: 'v3', image: 'c' });
    expect(await previous(deployed)).toEqual(['v3', 'v2']);
  });

  it('has another image than the one that runs', async () => {
    const deployed = history({ id: 'v1', image: 'a' }, { id: 'v2', image: 'b' }, { id: 'again', image: 'b' });
    expect(await previous(deployed)).toEqual(['again', 'v1']);
  });

  it('goes two versions back after two rollbacks, not to and fro', async () => {
    const deployed = history(
      { id: 'v1', image: 'a' },
      { id: 'v2', image: 'b' },
      { id: 'v3', image: 'c' },
      { id: 'back', kind: 'rollback', image: 'b' },
    );
    expect(await previous(deployed, { back: 'v2' })).toEqual(['back', 'v1']);
  });

  it('is the last verified one when a failed deployment stayed', async () => {
    const deployed = history({ id: 'v1', image: 'a' }, { id: 'v2', image: 'b', state: 'failed' });
    expect(await previous(deployed)).toEqual(['v2', 'v1']);
  });

  it('passes over what ECS took back by itself', async () => {
    const deployed = history(
      { id: 'v1', image: 'a' },
      { id: 'v2', image: 'b' },
      { id: 'v3', image: 'c', state: 'rolled-back' },
    );
    expect(await previous(deployed)).toEqual(['v2', 'v1']);
  });

  it('does not exist after a first delivery, or before one', async () => {
    const code = 'ROLLBACK_TARGET_NOT_FOUND';
    await expect(previous(history({ id: 'v1', image: 'a' }))).rejects.toMatchObject({ code });
    await expect(previous([])).rejects.toMatchObject({ code });
  });
});
