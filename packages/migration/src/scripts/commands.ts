import { literalOf, startsWith } from './expand.ts';
import type { ShellStatement } from './read-script.ts';

/** `docker compose` with its options, up to the command: `docker compose run web npm run build` builds nothing here. */
const VALUE = '(?!(?:build|push)(?:\\s|$))(?:\\S*\\$\\{\\{[^}]*\\}\\}\\S*|[^\\s;&|-][^\\s;&|]*)';
const COMPOSE = `\\bdocker[ -]+compose(?:\\s+-\\S+(?:\\s+${VALUE})?)*\\s+`;
const COMPOSE_BUILDS = new RegExp(`${COMPOSE}build(?![\\w./-])`);
const COMPOSE_PUSHES = new RegExp(`${COMPOSE}push(?![\\w./-])`);
export const DOCKER_BUILDS = /\bdocker\s+(?:buildx\s+|image\s+)?build\b|\bdocker\s+buildx\s+b\b/;
export const BUILDS = new RegExp(`${DOCKER_BUILDS.source}|${COMPOSE_BUILDS.source}`);
const DOCKER_PUSHES = /\bdocker\s+(?:buildx\s+|image\s+)?(?:push|tag)\b/;
const PUSHES_OR_TAGS = new RegExp(`${DOCKER_PUSHES.source}|${COMPOSE_PUSHES.source}`);
/** What begins a deployment of a service. */
export const DEPLOYS = /\baws\b[^\n|;]*\becs\s+update-service\b/;

/** What this project does in place of a command where the image stays in the runner's Docker: pushing it stays a command. */
export const BUILDS_OR_DEPLOYS = new RegExp(`${BUILDS.source}|${DEPLOYS.source}`);

/** What makes images, and gives them names. */
export const BUILDS_OR_TAGS = new RegExp(
  `${BUILDS.source}|${PUSHES_OR_TAGS.source}|\\bdocker[ -]compose\\b[^\\n]*\\s(?:build|push|--build)\\b`,
);

/** What this project could do in place of a command. */
export const OURS = new RegExp(`${BUILDS_OR_DEPLOYS.source}|${PUSHES_OR_TAGS.source}`);

/** A script without the breaks that go on on the next line. */
export function asOneLine(script: string): string {
  return script.replace(/\\\n/g, ' ');
}

/** Whether a script does no more to images than to tag and push them. */
export function onlyPushes(script: string): boolean {
  const plain = asOneLine(script);
  return OURS.test(plain) && !BUILDS_OR_DEPLOYS.test(plain);
}

/** Why a script that stays is not missed: what it builds with Compose nobody pushes here, or it goes to no ECR. */
export function whyComposeStays(script: string, signsIn: boolean): string | undefined {
  const plain = asOneLine(script);
  if (DOCKER_BUILDS.test(plain) || DOCKER_PUSHES.test(plain) || DEPLOYS.test(plain)) return undefined;
  if (COMPOSE_BUILDS.test(plain) && !COMPOSE_PUSHES.test(plain) && !/\s--push\b/.test(plain))
    return 'it builds with Compose, and pushes nothing itself';
  return signsIn ? undefined : 'it pushes with Compose, and the job does not sign in at ECR';
}

type DockerWords = { readonly verb: 'build' | 'tag' | 'push'; readonly from: number };

/** The words after `docker build`, `docker tag` or `docker push`: where they begin. */
export function dockerWords(statement: ShellStatement): DockerWords | undefined {
  const plain = statement.assigns.every(({ name }) => name === 'DOCKER_BUILDKIT');
  if (!plain || !startsWith(statement, 'docker') || statement.appendsTo !== undefined) return undefined;
  const [second, third] = [literalOf(statement.words[1]), literalOf(statement.words[2])];
  if (second === 'buildx' && (third === 'build' || third === 'b')) return { verb: 'build', from: 3 };
  if (second === 'build' || second === 'tag' || second === 'push') return { verb: second, from: 2 };
  if (second === 'image' && (third === 'build' || third === 'tag' || third === 'push'))
    return { verb: third, from: 3 };
  return undefined;
}

/** The words after `docker compose` or `docker-compose`: where they begin. Its own variables may stand before it. */
export function composeWords(statement: ShellStatement): number | undefined {
  if (statement.appendsTo !== undefined) return undefined;
  if (startsWith(statement, 'docker', 'compose')) return 2;
  return startsWith(statement, 'docker-compose') ? 1 : undefined;
}

/** Whether a statement is a command that gives an image a name, or pushes it. */
export function tagsOrPushes(statement: ShellStatement): boolean {
  const docker = dockerWords(statement);
  if (docker) return docker.verb !== 'build';
  return composeWords(statement) !== undefined && COMPOSE_PUSHES.test(statement.own);
}

/** The words after `aws … ecs COMMAND`, with the options that stand before `ecs`. */
export function ecsWords(
  statement: ShellStatement,
  ...command: readonly string[]
): ShellStatement['words'] | undefined {
  if (!startsWith(statement, 'aws') || statement.assigns.length > 0 || statement.appendsTo !== undefined)
    return undefined;
  const at = statement.words.findIndex((word) => literalOf(word) === 'ecs');
  if (at < 0 || !command.every((name, index) => literalOf(statement.words[at + 1 + index]) === name))
    return undefined;
  return [...statement.words.slice(1, at), ...statement.words.slice(at + 1 + command.length)];
}
