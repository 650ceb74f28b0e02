import { code, escapeMarkdown, folded, table } from '@tenant-delivery/action-kit/markdown';
import { formatImage, shortDigests } from '@tenant-delivery/domain';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
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
  const base = table(
    ['base image', 'digest', 'made', 'newer'],
    record.base.map(({ reference, digest, created, newer }) => [
      code(reference),
      digest ? code(shortDigests(digest)) : 'not resolved',
      created?.slice(0, 10) ?? 'not known',
      newer ? code(shortDigests(newer)) : '',
    ]),
  );
  const documents = table(
    ['kept beside the image', 'about', 'digest'],
    (record.referrers ?? []).map(({ kind, subject, digest }) => [
      kind,
      code(shortDigests(subject)),
      code(shortDigests(digest)),
    ]),
  );
  return folded(
    `Image of ${service}: ${record.reused ? 'reused' : 'built'}`,
    `${sayFindings(inspected)}; the gate judges them`,
    inspectionTable(inspected),
    ...(record.base.length > 0 ? [base] : []),
    ...(record.referrers ? [documents] : []),
    ...(record.signedWith
      ? [`The registry has signed it with ${record.signedWith.map(code).join(', ')}.`]
      : []),
    ...(record.replicatedTo ? [`It is in ${record.replicatedTo.map(code).join(', ')} too.`] : []),
    `${code(formatImage(record.image))}, from revision ${code(record.revision)} on ${code(record.ref)}, for change ${code(change)}.`,
  );
}

export function inspectionTable(inspected: readonly InspectedChild[]): string {
  return table(
    ['platform', 'digest', 'inspection', 'findings'],
    inspected.map((child) => [
      code(child.platform),
      code(shortDigests(child.digest)),
      escapeMarkdown(child.unproven ?? child.scan),
      child.unproven === undefined ? String(child.findings.length) : 'not known',
    ]),
  );
}

export function sayFindings(inspected: readonly InspectedChild[]): string {
  if (inspected.some(({ unproven }) => unproven !== undefined)) return 'not all of its findings are known';
  const count = inspected.reduce((sum, { findings }) => sum + findings.length, 0);
  return `${count} ${count === 1 ? 'finding' : 'findings'}`;
}
