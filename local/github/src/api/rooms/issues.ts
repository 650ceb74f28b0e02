import { type Issue, nextNumber } from '../../world/issue.ts';
import { roleOf } from '../../world/repository.ts';
import { authorOf } from '../author.ts';
import { bodyOf } from '../body.ts';
import { ok, type RepositoryCall, type Route } from '../call.ts';
import { ApiError, notFound, validationFailed } from '../errors.ts';
import { page } from '../page.ts';
import { read, write } from '../routes.ts';
import { showIssue, showPullAsIssue } from '../show/issue.ts';

const SCOPES = ['issues'] as const;
const LONGEST_TITLE = 256;
const LONGEST_BODY = 65_536;
const STATES = ['open', 'closed'] as const;
const REASONS = ['completed', 'not_planned', 'reopened'] as const;

export const issues: readonly Route[] = [
  read(SCOPES, '/issues', (call) => {
    const { world, repository, query } = call;
    const state = query.get('state') ?? 'open';
    if (![...STATES, 'all'].includes(state)) {
      throw validationFailed({ resource: 'Issue', field: 'state', code: 'invalid' });
    }
    const creator = query.get('creator')?.toLowerCase();
    const all = [
      ...repository.issues.map((issue) => ({ of: issue, shown: () => showIssue(world, issue) })),
      ...repository.pulls.map((pull) => ({ of: pull, shown: () => showPullAsIssue(world, pull) })),
    ];
    const found = all
      .filter(({ of }) => state === 'all' || of.state === state)
      .filter(({ of }) => creator === undefined || of.user.login.toLowerCase() === creator)
      .toSorted((a, b) => b.of.number - a.of.number);
    return page(call, found, (some) => some.map(({ shown }) => shown()));
  }),
  write('POST', SCOPES, '/issues', create, 'read'),
  read(SCOPES, '/issues/{number}', (call) => ok(showIssue(call.world, issueIn(call)))),
  write('PATCH', SCOPES, '/issues/{number}', update, 'read'),
];

function create(call: RepositoryCall) {
  const { world, repository } = call;
  const given = bodyOf(call, 'Issue');
  const now = world.clock.now();
  const issue: Issue = {
    id: world.nextId(),
    number: nextNumber(repository),
    repository,
    user: authorOf(call),
    title: titleOf(given.text('title')),
    body: textOf(given.optionalText('body') ?? null),
    state: 'open',
    stateReason: null,
    labels: mayPush(call) ? labelsOf(call.body['labels']) : [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
  };
  repository.issues.push(issue);
  return ok(showIssue(world, issue), 201);
}

function update(call: RepositoryCall) {
  const issue = issueIn(call);
  const { world, principal, body } = call;
  if (principal?.kind === 'user' && principal.user.id !== issue.user.id && !mayPush(call)) {
    throw new ApiError(403, 'Must have push access to Repository.');
  }
  const given = bodyOf(call, 'Issue');
  const title = given.optionalText('title');
  const state = given.optionalOneOf('state', STATES);
  const reason = given.optionalOneOf('state_reason', REASONS);
  if (title !== undefined) issue.title = titleOf(title);
  if ('body' in body) issue.body = textOf(given.optionalText('body') ?? null);
  if (state !== undefined && state !== issue.state) {
    issue.state = state;
    issue.stateReason = reason ?? (state === 'closed' ? 'completed' : 'reopened');
    issue.closedAt = state === 'closed' ? world.clock.now() : null;
  }
  issue.updatedAt = world.clock.now();
  return ok(showIssue(world, issue));
}

function issueIn({ repository, parameters }: RepositoryCall): Issue {
  const issue = repository.issues.find(({ number }) => number === Number(parameters['number']));
  if (!issue) throw notFound();
  return issue;
}

/** Labels of somebody who may not push are dropped without a word ("Create an issue"). */
function mayPush({ principal, repository }: RepositoryCall): boolean {
  if (principal?.kind !== 'user') return true; // what a token of another kind may do was asked before
  const role = roleOf(repository, principal.user);
  return role === 'write' || role === 'admin';
}

function labelsOf(given: unknown): readonly string[] {
  if (given === undefined) return [];
  if (!Array.isArray(given) || !given.every((label) => typeof label === 'string' && label.trim() !== '')) {
    throw validationFailed({ resource: 'Issue', field: 'labels', code: 'invalid' });
  }
  return given;
}

function titleOf(title: string): string {
  const refuse = (message: string) =>
    validationFailed({ resource: 'Issue', field: 'title', code: 'custom', message });
  if (title.trim() === '') throw refuse('title cannot be blank');
  if (title.length > LONGEST_TITLE)
    throw refuse(`title is too long (maximum is ${LONGEST_TITLE} characters)`);
  return title;
}

function textOf(body: string | null): string | null {
  if (body !== null && body.length > LONGEST_BODY) {
    const message = `body is too long (maximum is ${LONGEST_BODY} characters)`;
    throw validationFailed({ resource: 'Issue', field: 'body', code: 'custom', message });
  }
  return body;
}
