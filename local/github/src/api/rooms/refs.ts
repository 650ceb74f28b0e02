import { isAncestor } from '../../git/history.ts';
import { type Ref, refsBeginningWith, resolveObject } from '../../git/resolve.ts';
import { setRef } from '../../git/write.ts';
import { deleteRef } from '../../git/write-objects.ts';
import { NOTHING, noticeMoves, record } from '../../world/activity.ts';
import { synchronise } from '../../world/pull-request.ts';
import { type CHANGES, whyKept } from '../../world/ruleset.ts';
import { authorOf } from '../author.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { notFound, unprocessable } from '../errors.ts';
import { read, write } from '../routes.ts';
import { nodeId } from '../show/node-id.ts';
import { repositoryUrl } from '../show/repository.ts';

export const refs: readonly Route[] = [
  read(['contents'], '/git/ref/{ref...}', async (call) => {
    const name = `refs/${call.parameters['ref']}`;
    const found = await refsBeginningWith(call.repository.path, name);
    const exact = found.find(({ ref }) => ref === name);
    if (!exact) throw notFound();
    return ok(showRef(call, exact));
  }),
  read(['contents'], '/git/matching-refs/{ref...}', async (call) => {
    const found = await refsBeginningWith(call.repository.path, `refs/${call.parameters['ref']}`);
    return ok(found.map((ref) => showRef(call, ref)));
  }),
  write('POST', ['contents'], '/git/refs', make),
  write('PATCH', ['contents'], '/git/refs/{ref...}', move),
  write('DELETE', ['contents'], '/git/refs/{ref...}', async (call) => {
    const name = `refs/${call.parameters['ref']}`;
    if ((await refIn(call, name)) === undefined) throw unprocessable('Reference does not exist');
    refuseKept(call, name, 'delete');
    await noticeMoves(call.world, call.repository);
    await deleteRef(call.repository.path, name);
    if (name.startsWith('refs/heads/'))
      await record(call.world, call.repository, { ref: name, after: NOTHING, actor: authorOf(call) });
    return { status: 204 };
  }),
];

async function make(call: RepositoryCall): Promise<Reply> {
  const body = bodyOf(call, 'Reference');
  const name = body.text('ref');
  if (name.includes('..')) throw unprocessable(`${name} is not a valid ref name.`);
  if (!/^refs\/(?:heads|tags)\/[\w./-]+$/.test(name))
    throw unprocessable(`Reference name must start with 'refs/' and have at least 3 components: ${name}`);
  if ((await refIn(call, name)) !== undefined) throw unprocessable('Reference already exists');
  refuseKept(call, name, 'make');
  return ok(showRef(call, await setTo(call, name, body.text('sha'))), 201);
}

async function move(call: RepositoryCall): Promise<Reply> {
  const body = bodyOf(call, 'Reference');
  const name = `refs/${call.parameters['ref']}`;
  const before = await refIn(call, name);
  if (before === undefined) throw unprocessable('Reference does not exist');
  const sha = body.text('sha');
  await mustBeCommit(call, sha);
  const forward = await isAncestor(call.repository.path, before.sha, sha);
  if (!forward && body.optionalBoolean('force') !== true) throw unprocessable('Update is not a fast forward');
  refuseKept(call, name, forward ? 'move' : 'force');
  return ok(showRef(call, await setTo(call, name, sha)));
}

async function refIn({ repository }: RepositoryCall, name: string): Promise<Ref | undefined> {
  return (await refsBeginningWith(repository.path, name)).find(({ ref }) => ref === name);
}

function refuseKept({ repository }: RepositoryCall, name: string, change: keyof typeof CHANGES): void {
  const reason = whyKept(repository, name, change);
  if (reason !== undefined) throw unprocessable(reason);
}

async function mustBeCommit({ repository }: RepositoryCall, sha: string): Promise<void> {
  if (!/^[0-9a-f]{40}$/.test(sha) || (await resolveObject(repository.path, `${sha}^{commit}`)) !== sha)
    throw unprocessable('Object does not exist');
}

/** A branch that moves takes the pull requests that it is the head of with it. */
async function setTo(call: RepositoryCall, name: string, sha: string): Promise<Ref> {
  const { world, repository } = call;
  await mustBeCommit(call, sha);
  await noticeMoves(world, repository);
  await setRef(repository.path, name, sha);
  if (name.startsWith('refs/heads/')) {
    await record(world, repository, { ref: name, after: sha, actor: authorOf(call) });
    for (const pull of repository.pulls)
      if (
        pull.state === 'open' &&
        pull.headRepository === repository &&
        name === `refs/heads/${pull.headRef}`
      )
        await synchronise(world, pull);
  }
  return { ref: name, sha, type: 'commit' };
}

function showRef({ world, repository }: RepositoryCall, { ref, sha, type }: Ref) {
  const url = repositoryUrl(world, repository);
  return {
    ref,
    node_id: nodeId('Ref', ref),
    url: `${url}/git/${ref}`,
    object: { sha, type, url: `${url}/git/${type === 'tag' ? 'tags' : 'commits'}/${sha}` },
  };
}
