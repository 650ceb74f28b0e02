import { changed, type Refused, type Row } from '../draft.ts';
import type { NewStep } from '../new-step.ts';
import { signsInAtEcr } from '../registry.ts';
import type { Surroundings } from '../scripts/variables.ts';
import { memberOf } from '../workflow.ts';
import type { Judged } from './image-names.ts';

/** Docker's own way to copy an image between registries: as it is, with every platform. */
const SCRIPT = `for tag in \${TAGS//,/ }; do
  docker buildx imagetools create --prefer-index=false --tag "$tag" "$IMAGE"
done
`;

/** Why an image cannot go to other registries by a step after its build, where it has names of others. */
export function whyNoCopy({ others }: Judged, pushes: boolean, around: Surroundings): Refused | undefined {
  if (others.length === 0) return undefined;
  const [name] = others;
  if (!pushes) return { left: `it pushes ${name} too, and an expression decides whether it does` };
  if (!signsInAtEcr(around))
    return { left: `it pushes ${name} too, and Docker is not signed in at ECR to copy the image from there` };
  const { step } = around;
  const condition = memberOf(step, 'if') ?? '';
  return memberOf(step, 'continue-on-error') || /\b(?:always|failure|cancelled)\(\)/.test(condition)
    ? {
        left: `it pushes ${name} too, which becomes a step of its own, and its \`if\` also holds after a failure`,
      }
    : undefined;
}

export function rowsOfCopy(others: readonly string[]): readonly Row[] {
  return others.map((name) =>
    changed(`tag ${name}`, 'copied from ECR by its digest, with `docker buildx imagetools create`'),
  );
}

/** The step that gives the image of a build its names in other registries. */
export function copyStep(others: readonly string[], build: string): NewStep {
  return {
    does: { kind: 'script', script: SCRIPT.trimEnd(), shell: 'bash', folder: undefined },
    id: undefined,
    suffix: '',
    inputs: [],
    env: [
      ['IMAGE', `\${{ steps.${build}.outputs.image }}`],
      ['TAGS', others.join('\n')],
    ],
  };
}
