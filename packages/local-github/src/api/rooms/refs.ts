import { type Ref, refsBeginningWith } from '../../git/resolve.ts';
import { ok, type RepositoryCall, type Route } from '../call.ts';
import { notFound } from '../errors.ts';
import { read } from '../routes.ts';
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
];

function showRef({ world, repository }: RepositoryCall, { ref, sha, type }: Ref) {
  const url = repositoryUrl(world, repository);
  return {
    ref,
    node_id: nodeId('Ref', ref),
    url: `${url}/git/${ref}`,
    object: { sha, type, url: `${url}/git/${type === 'tag' ? 'tags' : 'commits'}/${sha}` },
  };
}
