import type { World } from '../world/world.ts';
import { statusOf } from './archive.ts';
import { manifestOf } from './image.ts';
import { matches, type Repository, type StoredManifest, tagsOf } from './store.ts';

const DAY = 24 * 3_600_000; // milliseconds

/** One rule of a lifecycle policy ("Lifecycle policy parameters", Amazon ECR user guide). */
interface Rule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: 'tagged' | 'untagged' | 'any';
    readonly tagPrefixList?: readonly string[];
    readonly tagPatternList?: readonly string[];
    readonly storageClass?: 'standard' | 'archive';
    readonly countType: keyof typeof DATES | 'imageCountMoreThan';
    readonly countNumber: number;
  };
  readonly action: { readonly type: 'expire' | 'transition'; readonly targetStorageClass?: 'archive' };
}

/** From when a rule counts its days. */
const DATES = {
  sinceImagePushed: ({ pushedAt }: StoredManifest) => pushedAt,
  sinceImagePulled: ({ pushedAt, pulledAt }: StoredManifest) => pulledAt ?? pushedAt,
  sinceImageTransitioned: ({ archive }: StoredManifest) => archive?.archivedAt ?? Number.POSITIVE_INFINITY,
};

/** What a policy would do with one image now. */
export interface LifecycleResult {
  readonly digest: string;
  readonly stored: StoredManifest;
  readonly action: 'EXPIRE' | 'TRANSITION';
  readonly priority: number;
}

/** The rules of a policy's text, whose grammar was judged when it came. */
export function readPolicy(text: string): readonly Rule[] {
  return (JSON.parse(text) as { readonly rules: readonly Rule[] }).rules;
}

/**
 * What a policy would do. Rules are taken by their priority. An image whose tags fit a rule is not taken by a later one,
 * which still counts it ("Automate the cleanup of images by using lifecycle policies in Amazon ECR"). Members of an index
 * and documents about an image share the fate of what they belong to.
 */
export function apply(
  world: World,
  repository: Repository,
  rules: readonly Rule[],
): readonly LifecycleResult[] {
  const kept = new Set(
    Object.keys(repository.manifests).flatMap((digest) => {
      const manifest = manifestOf(repository, digest);
      return manifest?.kind === 'index' ? manifest.manifests.map((child) => child.digest) : [];
    }),
  );
  const images = Object.entries(repository.manifests)
    .filter(([digest, { subject }]) => subject === undefined && !kept.has(digest))
    .sort(([, one], [, other]) => other.pushedAt - one.pushedAt);
  const met = new Set<string>(); // by an earlier rule
  const results: LifecycleResult[] = [];
  for (const { rulePriority, selection, action } of rules.toSorted(
    (a, b) => a.rulePriority - b.rulePriority,
  )) {
    const wanted = images.filter(([digest, stored]) => selects(world, repository, selection, digest, stored));
    const taken = wanted.filter(([digest, stored], place) => {
      if (met.has(digest)) return false;
      return selection.countType === 'imageCountMoreThan'
        ? place >= selection.countNumber
        : world.clock.now() - DATES[selection.countType](stored) > selection.countNumber * DAY;
    });
    const type = action.type === 'expire' ? 'EXPIRE' : 'TRANSITION';
    results.push(
      ...taken.map(([digest, stored]) => ({ digest, stored, action: type, priority: rulePriority }) as const),
    );
    for (const [digest] of wanted) met.add(digest);
  }
  return results;
}

function selects(
  world: World,
  repository: Repository,
  { tagStatus, tagPrefixList = [], tagPatternList = [], storageClass = 'standard' }: Rule['selection'],
  digest: string,
  stored: StoredManifest,
): boolean {
  if ((statusOf(world, stored) === 'ARCHIVED') !== (storageClass === 'archive')) return false;
  const tags = tagsOf(repository, digest);
  if (tagStatus === 'any') return true;
  if (tagStatus === 'untagged') return tags.length === 0;
  return [...tagPrefixList.map((prefix) => `${prefix}*`), ...tagPatternList].every((pattern) =>
    tags.some((tag) => matches(pattern, tag)),
  );
}
