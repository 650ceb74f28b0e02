import type { IssueComment } from '../../world/comment.ts';
import { roleOf } from '../../world/repository.ts';
import { authorOf } from '../author.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { ApiError, notFound, validationFailed } from '../errors.ts';
import { page } from '../page.ts';
import { read, write } from '../routes.ts';
import { showComment } from '../show/comment.ts';

/** Comments of issues and pull requests. Either scope suffices for a pull request's comments. */
const SCOPES = ['issues', 'pull-requests'] as const;
const LONGEST_BODY = 65_536;

export const comments: readonly Route[] = [
  read(SCOPES, '/issues/{number}/comments', (call) => {
    const issue = issueIn(call);
    const found = call.repository.comments.filter((comment) => comment.issue === issue);
    return page(call, found, (some) => some.map((each) => showComment(call.world, each)));
  }),
  write(
    'POST',
    SCOPES,
    '/issues/{number}/comments',
    (call) => {
      const { world, repository } = call;
      const now = world.clock.now();
      const comment: IssueComment = {
        id: world.nextId(),
        repository,
        issue: issueIn(call),
        user: authorOf(call),
        body: textIn(call),
        createdAt: now,
        updatedAt: now,
      };
      repository.comments.push(comment);
      return ok(showComment(world, comment), 201);
    },
    'read',
  ),
  read(SCOPES, '/issues/comments/{id}', (call) => ok(showComment(call.world, commentIn(call)))),
  write(
    'PATCH',
    SCOPES,
    '/issues/comments/{id}',
    (call) => {
      const comment = ownComment(call);
      comment.body = textIn(call);
      comment.updatedAt = call.world.clock.now();
      return ok(showComment(call.world, comment));
    },
    'read',
  ),
  write('DELETE', SCOPES, '/issues/comments/{id}', remove, 'read'),
];

function remove(call: RepositoryCall): Reply {
  const { comments } = call.repository;
  comments.splice(comments.indexOf(ownComment(call)), 1);
  return { status: 204 };
}

function issueIn({ repository, parameters }: RepositoryCall): number {
  const number = Number(parameters['number']);
  if (![...repository.pulls, ...repository.issues].some((each) => each.number === number)) throw notFound();
  return number;
}

function commentIn({ repository, parameters }: RepositoryCall): IssueComment {
  const comment = repository.comments.find(({ id }) => id === Number(parameters['id']));
  if (!comment) throw notFound();
  return comment;
}

/** One's own comment, or anybody's for those who may write. */
function ownComment(call: RepositoryCall): IssueComment {
  const comment = commentIn(call);
  const { principal, repository } = call;
  if (principal?.kind !== 'user' || principal.user.id === comment.user.id) return comment;
  const role = roleOf(repository, principal.user);
  if (role !== 'write' && role !== 'admin') {
    throw new ApiError(403, 'Must have push access to Repository.');
  }
  return comment;
}

function textIn(call: RepositoryCall): string {
  const body = bodyOf(call, 'IssueComment').text('body');
  const refuse = (message: string) =>
    validationFailed({ resource: 'IssueComment', field: 'body', code: 'custom', message });
  if (body.trim() === '') throw refuse('body cannot be blank');
  if (body.length > LONGEST_BODY) {
    throw refuse(`body is too long (maximum is ${LONGEST_BODY} characters)`);
  }
  return body;
}
