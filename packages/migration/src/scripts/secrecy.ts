import { namesSecret } from '../expressions.ts';
import type { ShellStatement } from './read-script.ts';
import { reads } from './reads.ts';
import { isAssignment, type Surroundings } from './variables.ts';

/**
 * The runner shows inputs and `env` of a step in its log, and masks only what is a secret of GitHub's. So a value of the shell goes on
 * by an output only where it is certainly none.
 */

/** Commands that show what they are given, or what no one hides. */
const SHOWS =
  /^(?:\[|\[\[|test|:|true|false|read|mapfile|readarray|echo|printf|export|declare|local|readonly|typeset|exit|set|cut|sed|tr|awk|basename|dirname|head|tail|wc|expr|sort|uniq|rev|seq|pwd|date|uname|jq|grep|xargs|let)$/;
const OF_GIT =
  /^git (?:rev-parse|describe|log|show|rev-list|tag|branch|diff|ls-files|symbolic-ref|status|name-rev|for-each-ref|merge-base|fetch)\b/;
const OF_AWS =
  /^aws (?:--?\S+ \S+ )*(?:ecr (?:describe|list|batch-get-image)\b|sts get-caller-identity\b|configure get region|ecs (?:register-task-definition|describe-task-definition|describe-services|update-service|list-\S+|run-task)\b.*--query \S*(?:Arn|arn|revision|status|Count))/;
const OF_DOCKER = /^docker (?:images|inspect|image inspect|version)\b/;
/** What tells a version, whatever program reads it. */
const VERSIONS = /^(?!aws\b|vault\b|op\b|gh\b|curl\b).*(?:version|package\.json)/i;
/** Programs that print of a file what they are asked for. */
const READERS = /^(?:cut|sed|awk|head|tail|wc|sort|uniq|rev|jq|grep)$/;
const FILE =
  /^(?!\.[a-z]+$)(?:[^\s=]*\/)?[\w.$-]+\.(?:json|ya?ml|txt|toml|ini|conf|cfg|config|properties|xml)$/i;
const HIDES =
  /npmrc|netrc|\.env\b|credential|secret|token|passw|api-?key|private|id_rsa|\.pem\b|\.key\b|base64|kubeconfig|~\/|\$HOME/i;

function isOpen(words: readonly string[]): boolean {
  const text = words.join(' ');
  if (HIDES.test(text)) return false;
  const [name = '', ...rest] = words;
  if (READERS.test(name) && rest.some((word) => FILE.test(word))) return VERSIONS.test(text);
  return SHOWS.test(name) || [OF_GIT, OF_AWS, OF_DOCKER, VERSIONS].some((each) => each.test(text));
}

/** Why a value may be a secret that only the shell has; nothing where it is certainly none. */
export function whySecret(
  name: string,
  statements: readonly ShellStatement[],
  around: Surroundings,
  seen: readonly string[] = [],
): string | undefined {
  if (seen.includes(name)) return undefined;
  const setters = statements.flatMap((each) => each.setters ?? [each]);
  for (const statement of setters.filter(({ sets }) => sets.includes(name))) {
    const hidden = statement.runs.find((words) => !isOpen(words));
    if (hidden) return `\`${hidden.join(' ').split('\n')[0]}\``;
    // What AWS answers here has nothing of what it was given.
    const answers =
      statement.runs.length > 0 && statement.runs.every((words) => OF_AWS.test(words.join(' ')));
    const text = answers ? statement.own.replace(/\$\([\s\S]*\)/, '') : statement.own;
    const others = [...new Set(statements.flatMap(({ sets }) => sets))].filter((each) => reads(text, each));
    const texts = [text, ...others.flatMap((each) => textsOf(each, statements))];
    if (!givesWhole(statement) && texts.some((each) => readsSecret(each, around)))
      return 'a part of a secret';
    for (const other of others) {
      const why = whySecret(other, statements, around, [...seen, name]);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

/** Every text that gives a name its value, also by other names. */
function textsOf(
  name: string,
  statements: readonly ShellStatement[],
  seen: readonly string[] = [],
): readonly string[] {
  if (seen.includes(name)) return [];
  const own = statements.filter(({ sets }) => sets.includes(name)).map((each) => each.own);
  const others = statements
    .flatMap(({ sets }) => sets)
    .filter((each) => own.some((text) => reads(text, each)));
  return [...own, ...[...new Set(others)].flatMap((each) => textsOf(each, statements, [...seen, name]))];
}

/** Whether it gives its names all of what it reads, which the runner masks: `T=$K`, not `read T`, `for T in`, `T=(…)`, `${K#…}`. */
function givesWhole(statement: ShellStatement): boolean {
  const lists = statement.assigns.some(({ elements }) => elements !== undefined);
  return isAssignment(statement) && !lists && !statement.transforms;
}

function readsSecret(own: string, { workflow, job, step }: Surroundings): boolean {
  const env = { ...workflow.env, ...job.env, ...step.env };
  return (
    namesSecret(own) || Object.entries(env).some(([name, value]) => namesSecret(value) && reads(own, name))
  );
}
