import type { Refused } from '../draft.ts';
import { outputIn, piecesOf, replaceExpressions } from '../expressions.ts';
import { type Registry, registryOf, signsInAtEcr } from '../registry.ts';
import { resolved, type Surroundings } from '../scripts/variables.ts';
import { actionOf } from '../workflow.ts';

/** The entries of a list of Docker's actions: lines or commas, but none of an expression. */
export function listOf(text: string): readonly string[] {
  const hidden: string[] = [];
  const masked = replaceExpressions(text, (found) => `\uE000${hidden.push(found) - 1}\uE000`);
  return masked
    .split(/[\n,]/)
    .map((entry) => entry.replace(/\uE000(\d+)\uE000/g, (_, index) => hidden[Number(index)] ?? '').trim())
    .filter((entry) => entry !== '' && !entry.startsWith('#'));
}

/** An image name without its tag. */
export function repositoryOf(image: string): string {
  const masked = replaceExpressions(image, (found) => '\uE000'.repeat(found.length));
  const colon = masked.indexOf(':', masked.lastIndexOf('/') + 1);
  return colon < 0 ? image : image.slice(0, colon);
}

/** Whether images are all for one repository in ECR, as far as the file says it; notes about what it does not say. */
export function judgeNames(
  names: readonly string[],
  around: Surroundings,
): { readonly notes: readonly string[] } | Refused {
  const images = names.flatMap((name) => namesOfMetadata(name, around) ?? [name]);
  const registries = images.map((image) => registryOf(image, around));
  const others = registries.flatMap((each) => (each.kind === 'other' ? [each.name] : []));
  if (others.length === images.length)
    return { kept: `it pushes to ${[...new Set(others)].join(' and ')}, and not to ECR` };
  if (others.length > 0)
    return {
      left: `it pushes to ${[...new Set(others)].join(' and ')} too, and build-and-scan-image to one repository in ECR`,
    };
  const repositories = new Set(
    images.filter((image) => !onlyExpression(image)).map((image) => resolved(repositoryOf(image), around)),
  );
  if (repositories.size > 1)
    return {
      left: `it pushes to ${repositories.size} repositories (${[...repositories].join(', ')}), and build-and-scan-image to one`,
    };
  return notesOf(registries, around);
}

function notesOf(
  registries: readonly Registry[],
  around: Surroundings,
): { readonly notes: readonly string[] } | Refused {
  const asked = registries.flatMap((each) => (each.kind === 'unknown' ? [each.asked] : []));
  if (asked.length === 0) return { notes: [] };
  if (!signsInAtEcr(around))
    return { kept: `this file does not say that ${asked[0]} is in ECR, and the job does not sign in there` };
  return {
    notes: [`${asked[0]} must be in ECR. This file does not say so; the step refuses another registry.`],
  };
}

function onlyExpression(text: string): boolean {
  const pieces = piecesOf(text);
  return pieces.length === 1 && 'expression' in (pieces[0] ?? {});
}

/** The images that a docker/metadata-action makes the tags for, if this is its output. */
function namesOfMetadata(name: string, { job }: Surroundings): readonly string[] | undefined {
  const [piece] = piecesOf(name);
  const of = piece && 'expression' in piece ? outputIn(piece.expression) : undefined;
  const step = job.steps.find(({ id }) => id !== undefined && id === of?.id);
  if (!step || actionOf(step) !== 'docker/metadata-action' || of?.output !== 'tags') return undefined;
  const images = listOf(step.with['images'] ?? '').map((image) => image.replace(/^name=/, ''));
  return images.length > 0 ? images : undefined;
}
