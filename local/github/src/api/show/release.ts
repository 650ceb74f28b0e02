import { createHash } from 'node:crypto';
import type { Asset, Release } from '../../world/release.ts';
import { timeOf } from '../../world/world.ts';
import type { RepositoryCall } from '../call.ts';
import { nodeId } from './node-id.ts';
import { repositoryUrl } from './repository.ts';
import { showUser } from './user.ts';

export function showRelease(call: RepositoryCall, release: Release) {
  const { world, repository } = call;
  const api = repositoryUrl(world, repository);
  const url = `${api}/releases/${release.id}`;
  return {
    url,
    html_url: `${world.url}/${repository.fullName}/releases/tag/${release.tag}`,
    assets_url: `${url}/assets`,
    // at GitHub files go to a host of their own, which this address names
    upload_url: `${url}/assets{?name,label}`,
    tarball_url: `${api}/tarball/${release.tag}`,
    zipball_url: `${api}/zipball/${release.tag}`,
    id: release.id,
    node_id: nodeId('Release', release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: release.immutable,
    created_at: timeOf(world, release.createdAt),
    published_at: release.publishedAt === null ? null : timeOf(world, release.publishedAt),
    author: showUser(world, release.author),
    assets: release.assets.map((asset) => showAsset(call, release, asset)),
  };
}

export function showAsset({ world, repository }: RepositoryCall, release: Release, asset: Asset) {
  const { id, name, contentType, bytes, uploader, createdAt } = asset;
  return {
    url: `${repositoryUrl(world, repository)}/releases/assets/${id}`,
    browser_download_url: `${world.url}/${repository.fullName}/releases/download/${release.tag}/${name}`,
    id,
    node_id: nodeId('ReleaseAsset', id),
    name,
    label: '',
    state: 'uploaded',
    content_type: contentType,
    size: bytes.length,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    download_count: 0,
    created_at: timeOf(world, createdAt),
    updated_at: timeOf(world, createdAt),
    uploader: showUser(world, uploader),
  };
}
