import type { WorkflowFile } from '@tenant-delivery/provisioning/doctor/ports';
import * as v from 'valibot';
import { confirmed, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

const WORKFLOWS = '.github/workflows';
const ACTIONS = '.github/actions';
const YAML = /\.ya?ml$/;

const listed = v.array(v.object({ path: v.string(), type: v.string() }));
const content = v.object({ content: v.string(), encoding: v.literal('base64') });

/** The workflows of a repository's default branch, and the actions in its folder `.github/actions`. Needs `contents: read`. */
export async function workflowFiles(
  { rest: { repos } }: GithubClient,
  repository: string,
): Promise<readonly WorkflowFile[]> {
  const where = parametersOf(repository);
  const folder = async (path: string) => {
    const answer = await orAbsent(repos.getContent({ ...where, path }));
    return answer === 'absent' ? [] : confirmed(listed, answer);
  };
  const [workflows, actions] = await Promise.all([folder(WORKFLOWS), folder(ACTIONS)]);
  const folders = actions.filter(({ type }) => type === 'dir').map(({ path }) => folder(path));
  const inActions = (await Promise.all(folders)).flat().filter(({ path }) => /\/action\.ya?ml$/.test(path));
  const files = [...workflows, ...inActions].filter(({ path, type }) => type === 'file' && YAML.test(path));
  return Promise.all(
    files.map(async ({ path }) => {
      const answer = confirmed(content, await repos.getContent({ ...where, path }));
      return { path, text: Buffer.from(answer.content, 'base64').toString() };
    }),
  );
}
