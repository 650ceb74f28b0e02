import { DAY } from '@tenant-delivery/domain';
import { matchesGlob } from '@tenant-delivery/domain/glob';
import type { AgeingImage } from '@tenant-delivery/findings/ports';
import * as v from 'valibot';

/** One rule of a lifecycle policy ("Lifecycle policy properties in Amazon ECR"). */
const Rule = v.object({
  rulePriority: v.pipe(v.number(), v.integer()),
  selection: v.object({
    tagStatus: v.picklist(['tagged', 'untagged', 'any']),
    tagPrefixList: v.optional(v.array(v.string()), []),
    tagPatternList: v.optional(v.array(v.string()), []),
    storageClass: v.optional(v.picklist(['standard', 'archive']), 'standard'),
    countType: v.picklist([
      'imageCountMoreThan',
      'sinceImagePushed',
      'sinceImagePulled',
      'sinceImageTransitioned',
    ]),
    countNumber: v.pipe(v.number(), v.integer()),
  }),
  action: v.object({ type: v.picklist(['expire', 'transition']) }),
});

const Policy = v.pipe(v.string(), v.parseJson(), v.object({ rules: v.array(Rule) }));

type Rule = v.InferOutput<typeof Rule>;

/** When a rule takes an image away, or archives it: no task starts from it then. */
export interface Expiry {
  readonly priority: number;
  /** `now`, after so many whole days, or after so many more images are pushed. */
  readonly when: 'now' | { readonly days: number } | { readonly pushes: number };
}

/**
 * When the repository's rules remove an image; undefined if no rule will, `unreadable` if the policy has something that we
 * do not know. The first rule, by priority, whose tags fit an image is the only one that can take it ("Automate the cleanup
 * of images by using lifecycle policies in Amazon ECR"). Images without a tag are not looked at, nor counted: members of an
 * index have none, and stay as long as their index.
 */
export function expiryOf(
  policy: string,
  images: readonly AgeingImage[],
  digest: string,
  now: number,
): Expiry | 'unreadable' | undefined {
  const read = v.safeParse(Policy, policy);
  if (!read.success) return 'unreadable';
  const image = images.find((each) => each.digest === digest);
  if (!image || image.tags.length === 0) return undefined;
  const { rules } = read.output;
  const rule = rules
    .filter(({ selection }) => selection.storageClass === 'standard')
    .toSorted((a, b) => a.rulePriority - b.rulePriority)
    .find(({ selection }) => selects(selection, image));
  if (!rule) return undefined;
  const { countType, countNumber } = rule.selection;
  const priority = rule.rulePriority;
  if (countType === 'imageCountMoreThan') {
    const younger = images.filter(
      (each) => each.tags.length > 0 && selects(rule.selection, each) && each.pushedAt > image.pushedAt,
    ).length;
    const pushes = countNumber - younger;
    return { priority, when: pushes <= 0 ? 'now' : { pushes } };
  }
  if (countType === 'sinceImageTransitioned') return undefined; // is about images that were archived
  const from = countType === 'sinceImagePulled' ? (image.pulledAt ?? image.pushedAt) : image.pushedAt;
  const left = from + countNumber * DAY - now;
  return { priority, when: left <= 0 ? 'now' : { days: Math.floor(left / DAY) } };
}

function selects(
  { tagStatus, tagPrefixList, tagPatternList }: Rule['selection'],
  { tags }: AgeingImage,
): boolean {
  if (tagStatus === 'any') return true;
  if (tagStatus === 'untagged') return tags.length === 0;
  const patterns = [...tagPrefixList.map((prefix) => `${prefix}*`), ...tagPatternList];
  return patterns.every((pattern) => tags.some((tag) => matchesGlob(pattern, tag)));
}
