import type { Failure } from '@tenant-delivery/action-kit/failure';
import type { TaskDefinitionDocument } from '@tenant-delivery/deployment/observed';
import { platformOf } from '@tenant-delivery/deployment/task-definition/platform';
import { formatImage, type Image } from '@tenant-delivery/domain';
import type { StoredImage } from '@tenant-delivery/findings/ports';
import type { Verdict } from '@tenant-delivery/findings/verdict';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { failures } from '../failures.ts';

/** What the record and the registry say about the image that is to run. */
export interface ImageFacts {
  readonly image: Image;
  readonly record: ImageRecord;
  readonly verdict: Verdict;
  readonly stored: StoredImage | 'absent';
  /** The task definition that it is to run in. */
  readonly document: TaskDefinitionDocument;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** `undefined` for a rollback: its verdict was good when the image was delivered, and is stated, not renewed. */
  readonly verdictUntil: number | undefined;
}

/** Every reason why this image may not run in this service. */
export function judgeImage(admission: Admission, facts: ImageFacts): readonly Failure[] {
  const { image, record, verdict, stored } = facts;
  const name = formatImage(image);
  const { repository } = admission.names;
  const breaches: Failure[] = [];
  // By its digest: another environment's registry names the same image otherwise, and the verdict binds the name.
  if (record.image.digest !== image.digest) {
    breaches.push(
      failures.imageForeign(name, `is not the one that was built (${formatImage(record.image)})`),
    );
  }
  if (!image.repositoryUri.endsWith(`/${repository}`)) {
    breaches.push(failures.imageForeign(name, `is not in the agreed repository ${repository}`));
  }
  if (stored === 'absent') breaches.push(failures.imageAbsent(repository, image.digest));
  const wants = platformOf(facts.document);
  const has = record.platforms.map(({ platform }) => platform);
  if (wants === undefined || !has.some((platform) => runsOn(platform, wants))) {
    breaches.push(failures.platformMismatch(name, has, wants ?? 'a platform that images have no word for'));
  }
  const unusable = whyUnusable(verdict, name, facts);
  return unusable ? [...breaches, failures.verdictUnusable(unusable)] : breaches;
}

/** `linux/arm64/v8` runs where `linux/arm64` is asked for. */
function runsOn(platform: string, wants: string): boolean {
  return platform === wants || platform.startsWith(`${wants}/`);
}

function whyUnusable(verdict: Verdict, image: string, { now, verdictUntil }: ImageFacts): string | undefined {
  if (formatImage(verdict.subject) !== image)
    return `it is about ${formatImage(verdict.subject)}, not ${image}`;
  if (verdict.decision !== 'allow') return `it denies the image (${verdict.reasons.join('; ')})`;
  if (verdictUntil !== undefined && now >= verdictUntil) return `it was good until ${verdict.validUntil}`;
  return undefined;
}
