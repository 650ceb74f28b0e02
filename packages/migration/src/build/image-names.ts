import type { Refused } from '../draft.ts';
import { outputIn, piecesOf, replaceExpressions } from '../expressions.ts';
import { type Registry, registryOf, signsInAtEcr } from '../registry.ts';
import { resolved, type Surroundings } from '../scripts/variables.ts';
import { actionOf } from '../workflow.ts';
import { notesOfSignIn } from './sign-in.ts';

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

/** The names of a build that are of ECR, and those of other registries; with notes about what the file does not say. */
export interface Judged {
  readonly notes: readonly string[];
  readonly ours: readonly string[];
  readonly others: readonly string[];
}

/** Whether the images in ECR are all for one repository, as far as the file says it. */
export function judgeNames(names: readonly string[], around: Surroundings): Judged | Refused {
  const read = names.map((name) => {
    const images = namesOfMetadata(name, around) ?? [name];
    return { name, images, registries: images.map((image) => registryOf(image, around)) };
  });
  const hosts = read.flatMap(({ registries }) => registries.flatMap(hostOfOther));
  const several = [...new Set(hosts)].join(' and ');
  const others = read.filter(({ registries }) => registries.every(({ kind }) => kind === 'other'));
  if (others.length === read.length) return { kept: `it pushes to ${several}, and not to ECR` };
  const ours = read.filter((each) => !others.includes(each));
  if (ours.some(({ registries }) => registries.some(({ kind }) => kind === 'other')))
    return { left: `it pushes to ${several} too, and this file does not say which tags are of ECR` };
  const repositories = new Set(
    ours
      .flatMap(({ images }) => images)
      .filter((image) => !onlyExpression(image))
      .map((image) => resolved(repositoryOf(image), around)),
  );
  if (repositories.size > 1)
    return {
      left: `it pushes to ${repositories.size} repositories (${[...repositories].join(', ')}), and build-and-scan-image to one`,
    };
  const notes = notesOf(
    ours.flatMap(({ registries }) => registries),
    around,
  );
  const nameOf = ({ name }: { readonly name: string }) => name;
  if (!('notes' in notes)) return notes;
  return {
    notes: [...notes.notes, ...notesOfSignIn(around)],
    ours: ours.map(nameOf),
    others: others.map(nameOf),
  };
}

function hostOfOther(registry: Registry): readonly string[] {
  return registry.kind === 'other' ? [registry.name] : [];
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
