import type { Image } from '@tenant-delivery/domain';
import type { Judgement } from './verdict.ts';

/** OpenVEX's justifications in CycloneDX's words. If CycloneDX has no word, the detail has it. */
const JUSTIFICATIONS: Readonly<Record<string, string>> = {
  component_not_present: 'code_not_present',
  vulnerable_code_not_present: 'code_not_present',
  vulnerable_code_not_in_execute_path: 'code_not_reachable',
  vulnerable_code_cannot_be_controlled_by_adversary: 'protected_by_mitigating_control',
  inline_mitigations_already_exist: 'protected_by_mitigating_control',
};

/** What the waivers say of the image, as a CycloneDX 1.6 VEX; nothing where nothing is waived. */
export function renderCycloneDxVex(
  { rows, waivers }: Judgement,
  image: Image,
  at: number,
): string | undefined {
  const name = image.repositoryUri.slice(image.repositoryUri.lastIndexOf('/') + 1);
  const product = `pkg:oci/${name}@${encodeURIComponent(image.digest)}?repository_url=${encodeURIComponent(image.repositoryUri)}`;
  const vulnerabilities = rows.flatMap(({ finding, waiver }) => {
    const by = waiver === undefined ? undefined : waivers[waiver]?.waiver;
    if (!by) return [];
    const detail = `${by.reason} (${by.owner}, approved by ${by.approvedBy}, until ${by.expires})`;
    return [
      {
        id: finding.vulnerability,
        analysis:
          by.justification === undefined
            ? { state: 'exploitable', response: ['will_not_fix'], detail }
            : { state: 'not_affected', justification: JUSTIFICATIONS[by.justification], detail },
        affects: [{ ref: finding.purl ?? `${finding.package}@${finding.version}` }],
      },
    ];
  });
  if (vulnerabilities.length === 0) return undefined;
  const refs = [...new Set(vulnerabilities.flatMap(({ affects }) => affects.map(({ ref }) => ref)))];
  return JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: new Date(at).toISOString(),
      component: { type: 'container', 'bom-ref': product, name, purl: product },
    },
    components: refs.map((ref) => ({
      type: 'library',
      'bom-ref': ref,
      name: nameIn(ref),
      ...(ref.startsWith('pkg:') && { purl: ref }),
    })),
    vulnerabilities,
  });
}

function nameIn(ref: string): string {
  return /^(?:pkg:)?(?:.*\/)?([^/@]+)(?:@|$)/.exec(ref)?.[1] ?? ref;
}
