import { fullRef, resolveCommit } from '../../git/resolve.ts';
import { setRef } from '../../git/write.ts';
import { type Release, releaseOf } from '../../world/release.ts';
import { whyKept } from '../../world/ruleset.ts';
import { authorOf } from '../author.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { notFound, unprocessable, validationFailed } from '../errors.ts';
import { page } from '../page.ts';
import { read, write } from '../routes.ts';
import { showAsset, showRelease } from '../show/release.ts';

/** Releases and their files; what is published as immutable stays (GitHub, "Immutable releases"). */
export const releases: readonly Route[] = [
  read(['contents'], '/releases', (call) =>
    page(call, visibleIn(call), (some) => some.map((each) => showRelease(call, each))),
  ),
  read(['contents'], '/releases/tags/{tag}', (call) => {
    const found = releaseOf(call.repository, call.parameters['tag'] ?? '');
    if (!found) throw notFound();
    return ok(showRelease(call, found));
  }),
  write('POST', ['contents'], '/releases', make),
  write('PATCH', ['contents'], '/releases/{release_id}', edit),
  write('DELETE', ['contents'], '/releases/{release_id}', (call) => {
    const { releases: all } = call.repository;
    all.splice(all.indexOf(releaseIn(call)), 1);
    return { status: 204 };
  }),
  write('POST', ['contents'], '/releases/{release_id}/assets', upload),
];

async function make(call: RepositoryCall): Promise<Reply> {
  const { world, repository } = call;
  const body = bodyOf(call, 'Release');
  const tag = body.text('tag_name');
  if (releaseOf(repository, tag))
    throw validationFailed({ resource: 'Release', field: 'tag_name', code: 'already_exists' });
  const release: Release = {
    id: world.nextId(),
    author: authorOf(call),
    createdAt: world.clock.now(),
    tag,
    target: body.optionalText('target_commitish') ?? repository.defaultBranch,
    name: body.optionalText('name') ?? '',
    body: body.optionalText('body') ?? '',
    draft: true,
    prerelease: body.optionalBoolean('prerelease') ?? false,
    immutable: false,
    publishedAt: null,
    assets: [],
  };
  if (body.optionalBoolean('draft') !== true) await publish(call, release);
  repository.releases.push(release);
  return ok(showRelease(call, release), 201);
}

/** Name and text of every release may change; of an immutable one nothing else. */
async function edit(call: RepositoryCall): Promise<Reply> {
  const release = releaseIn(call);
  const body = bodyOf(call, 'Release');
  const tag = body.optionalText('tag_name') ?? release.tag;
  const draft = body.optionalBoolean('draft') ?? release.draft;
  if (release.immutable && (tag !== release.tag || draft))
    throw validationFailed({
      resource: 'Release',
      field: 'tag_name',
      code: 'custom',
      message: 'Cannot change the tag of an immutable release',
    });
  release.tag = tag;
  release.name = body.optionalText('name') ?? release.name;
  release.body = body.optionalText('body') ?? release.body;
  release.target = body.optionalText('target_commitish') ?? release.target;
  if (release.draft && !draft) await publish(call, release);
  return ok(showRelease(call, release));
}

/** Makes the tag where it isn't there; one that is there is taken, wherever it points. */
async function publish(call: RepositoryCall, release: Release): Promise<void> {
  const { world, repository } = call;
  const ref = `refs/tags/${release.tag}`;
  if ((await fullRef(repository.path, ref)) === undefined) {
    const kept = whyKept(repository, ref, 'make');
    if (kept !== undefined) throw unprocessable(kept);
    const target = await resolveCommit(repository.path, release.target);
    if (target === undefined)
      throw validationFailed({ resource: 'Release', field: 'target_commitish', code: 'invalid' });
    await setRef(repository.path, ref, target);
  }
  release.draft = false;
  release.immutable = repository.immutableReleases;
  release.publishedAt = world.clock.now();
}

function upload(call: RepositoryCall): Reply {
  const { world, query, bytes, headers } = call;
  const release = releaseIn(call);
  const name = query.get('name') ?? '';
  if (release.immutable) throw unprocessable('Cannot upload assets to an immutable release.');
  if (name === '') throw unprocessable('Bad request', 'name is missing');
  if (release.assets.some((asset) => asset.name === name))
    throw validationFailed({ resource: 'ReleaseAsset', field: 'name', code: 'already_exists' });
  const asset = {
    id: world.nextId(),
    name,
    contentType: headers['content-type'] ?? 'application/octet-stream',
    bytes,
    uploader: authorOf(call),
    createdAt: world.clock.now(),
  };
  release.assets.push(asset);
  return ok(showAsset(call, release, asset), 201);
}

/** Drafts are shown to those who may push. */
function visibleIn({ repository, principal }: RepositoryCall): readonly Release[] {
  const mayPush = principal?.kind === 'job' && principal.permissions['contents'] === 'write';
  return repository.releases
    .filter(({ draft }) => !draft || mayPush || principal?.kind === 'user')
    .toReversed();
}

function releaseIn({ repository, parameters }: RepositoryCall): Release {
  const found = repository.releases.find(({ id }) => id === Number(parameters['release_id']));
  if (!found) throw notFound();
  return found;
}
