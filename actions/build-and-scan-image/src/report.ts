import { code, escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import { formatImage } from '@tenant-delivery/domain';
import type { InspectedChild } from '@tenant-delivery/findings/verdict';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';

export function headlineOf(record: ImageRecord): string {
  const image = formatImage(record.image);
  return record.reused
    ? `The same revision and inputs were built before; ${image} is used again.`
    : `Built and pushed ${image}.`;
}

export function summaryOf(
  change: string,
  service: string,
  record: ImageRecord,
  inspected: readonly InspectedChild[],
): string {
  const platforms = table(
    ['platform', 'digest', 'inspection', 'findings'],
    inspected.map((child) => [
      code(child.platform),
      code(child.digest),
      escapeMarkdown(child.unproven ?? child.scan),
      child.unproven === undefined ? String(child.findings.length) : 'not known',
    ]),
  );
  const base = table(
    ['base image', 'digest', 'made', 'newer'],
    record.base.map(({ reference, digest, created, newer }) => [
      code(reference),
      digest ? code(digest) : 'not resolved',
      created ?? 'not known',
      newer ? code(newer) : '',
    ]),
  );
  const documents = table(
    ['kept beside the image', 'about', 'digest'],
    (record.referrers ?? []).map(({ kind, subject, digest }) => [kind, code(subject), code(digest)]),
  );
  return [
    `### Image of ${escapeMarkdown(service)}: ${record.reused ? 'reused' : 'built'}`,
    `${code(formatImage(record.image))}, from revision ${code(record.revision)} on ${code(record.ref)}, for change ${code(change)}.`,
    platforms,
    ...(record.base.length > 0 ? [base] : []),
    ...(record.referrers ? [documents] : []),
    ...(record.signedWith
      ? [`The registry has signed it with ${record.signedWith.map(code).join(', ')}.`]
      : []),
    ...(record.replicatedTo ? [`It is in ${record.replicatedTo.map(code).join(', ')} too.`] : []),
    'Whether the findings allow a delivery is judged by the gate.',
  ].join('\n\n');
}
