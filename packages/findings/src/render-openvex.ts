import type { Image } from '@tenant-delivery/domain';
import type { Judgement } from './verdict.ts';

/** What the waivers say of the image, as OpenVEX 0.2.0; nothing where nothing is waived, for a document needs a statement. */
export function renderOpenVex(
  { rows, waivers }: Judgement,
  image: Image,
  { id, author, at }: { readonly id: string; readonly author: string; readonly at: number },
): string | undefined {
  const name = image.repositoryUri.slice(image.repositoryUri.lastIndexOf('/') + 1);
  const product = `pkg:oci/${name}@${encodeURIComponent(image.digest)}?repository_url=${encodeURIComponent(image.repositoryUri)}`;
  const statements = rows.flatMap(({ finding, waiver }) => {
    const by = waiver === undefined ? undefined : waivers[waiver]?.waiver;
    if (!by) return [];
    const said = `${by.reason} (${by.owner}, approved by ${by.approvedBy}, until ${by.expires})`;
    return [
      {
        vulnerability: {
          name: finding.vulnerability,
          ...(finding.aliases && finding.aliases.length > 0 && { aliases: finding.aliases }),
        },
        products: [
          { '@id': product, ...(finding.purl !== undefined && { subcomponents: [{ '@id': finding.purl }] }) },
        ],
        ...(by.justification === undefined
          ? { status: 'affected', action_statement: said }
          : { status: 'not_affected', justification: by.justification, impact_statement: said }),
      },
    ];
  });
  if (statements.length === 0) return undefined;
  return JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': id,
    author,
    timestamp: new Date(at).toISOString(),
    version: 1,
    statements,
  });
}
