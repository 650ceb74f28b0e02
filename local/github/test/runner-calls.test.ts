import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resolveCommit } from '../src/git/resolve.ts';
import { commitFiles, copyGitRepository, setRef } from '../src/git/write.ts';
import { actionFiles, CI, linesOf, type RunnerWorld, startRunnerWorld } from './fixtures/runner-world.ts';

let world: RunnerWorld;
beforeAll(async () => {
  world = await startRunnerWorld();
});
afterAll(() => world.close());

const CALLED = `on:
  workflow_call:
    inputs:
      count: { type: number, default: 2 }
      flag: { type: boolean, required: true }
      words: { type: string, default: "from \${{ github.event_name }}" }
    secrets: { key: { required: true }, other: {} }
    outputs:
      said: { value: "\${{ jobs.work.outputs.said }}" }
      nothing: { value: "\${{ jobs.work.outputs.nothing }}" }
permissions: {}
env: { OWN: own }
jobs:
  work:
    runs-on: x
    permissions: { contents: read, id-token: write }
    environment: \${{ github.event.repository.name }}-prod
    outputs: { said: "\${{ steps.s.outputs.said }}" }
    steps:
      - id: s
        env: { KEY: "\${{ secrets.key }}", OTHER: "\${{ secrets.other }}", ENVIRONMENTS: "\${{ secrets.OF_ENVIRONMENT }}" }
        run: |
          echo '\${{ toJSON(inputs) }}' | tr -d ' \\n'; echo
          echo "caller [$CALLER] own $OWN lengths \${#KEY} \${#OTHER} \${#ENVIRONMENTS}"
          echo "\${{ github.repository }} \${{ github.workflow }} \${{ github.workflow_ref }} \${{ github.job }}"
          echo "\${{ job.workflow_repository }} \${{ job.workflow_ref }} \${{ job.workflow_file_path }} \${{ job.workflow_sha == github.sha }}"
          echo "said=\${{ inputs.words }}" >> "$GITHUB_OUTPUT"
      - id: own-action
        uses: $/actions/witness
      - id: token
        run: |
          node -e 'fetch(process.env.ACTIONS_ID_TOKEN_REQUEST_URL + "&audience=sts.amazonaws.com", { headers: { authorization: "bearer " + process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN } }).then((r) => r.json()).then(({ value }) => { const c = JSON.parse(Buffer.from(value.split(".")[1], "base64url")); console.log([c.aud, c.job_workflow_ref, c.workflow_ref, c.environment, c.sub].join("\\n")); })'
`;

test('a called workflow sees its inputs with their types, its own env and secrets, and the caller in github', async () => {
  const provider = await world.repository(
    { '.github/workflows/called.yml': CALLED, ...(await actionFiles('witness')) },
    { owner: 'OWNER', visibility: 'public' },
  );
  const result = await world.run(
    `name: Caller
on: push
permissions: {}
env: { CALLER: visible }
jobs:
  call:
    permissions: { contents: read, id-token: write }
    uses: ${provider}/.github/workflows/called.yml@main
    with: { flag: "\${{ fromJSON('true') }}", count: 7 }
    secrets: { key: "\${{ secrets.KEY }}" }
  after:
    needs: call
    runs-on: x
    steps: [ { id: a, run: "echo '\${{ toJSON(needs.call.outputs) }}' | tr -d ' \\n'" } ]
`,
    {
      secrets: { KEY: 'k3y-k3y', other: 'not passed' },
      environmentSecrets: { 'repository-2-prod': { OF_ENVIRONMENT: 'resolved-in-the-called-job' } },
    },
  );
  const [inputs, env, caller, called] = linesOf(result, 's', 'call / work');
  expect(JSON.parse(inputs ?? '')).toEqual({ count: 7, flag: true, words: 'frompush' });
  expect(env).toBe('caller [] own own lengths 7 0 26');
  expect(caller).toBe(
    'acme/repository-2 Caller acme/repository-2/.github/workflows/ci.yml@refs/heads/main work',
  );
  const source = `${provider}/.github/workflows/called.yml@refs/heads/main`;
  expect(called).toBe(`${provider} ${source} .github/workflows/called.yml false`);
  expect(linesOf(result, 'own-action')[0]).toMatch(/^main says nothing from acme\/repository-2/);
  expect(linesOf(result, 'token')).toEqual([
    'sts.amazonaws.com',
    source,
    'acme/repository-2/.github/workflows/ci.yml@refs/heads/main',
    'repository-2-prod',
    'repo:acme/repository-2:environment:repository-2-prod',
  ]);
  expect(linesOf(result, 'a')).toEqual(['{"said":"frompush"}']);
  expect(result.needs['call']?.outputs).toEqual({ said: 'from push' });
});

test('workflows call each other in depth, by path and by commit, and inherit secrets where it says so', async () => {
  const inner = `on: { workflow_call: { secrets: { A: {} } } }
jobs: { leaf: { runs-on: x, steps: [ { id: s, env: { A: "\${{ secrets.A }}" }, run: "echo length \${#A}" } ] } }`;
  const outer = `on: workflow_call
jobs: { mid: { uses: $/.github/workflows/inner.yml, secrets: inherit } }`;
  const provider = await world.repository(
    { '.github/workflows/inner.yml': inner, '.github/workflows/outer.yml': outer },
    { owner: 'OWNER', visibility: 'public' },
  );
  const path = world.github.world.repositories.get(provider.toLowerCase())?.path ?? '';
  const sha = await resolveCommit(path, 'refs/heads/main');
  const result = await world.run(
    `on: push
jobs:
  legs:
    strategy: { matrix: { n: [1, 2] } }
    uses: ${provider}/.github/workflows/outer.yml@${sha}
    secrets: inherit
`,
    { secrets: { A: 'abcdef' } },
  );
  expect(result.jobs.map(({ name }) => name).sort()).toEqual([
    'legs (1) / mid / leaf',
    'legs (2) / mid / leaf',
  ]);
  expect(linesOf(result, 's')).toEqual(['length 6']);
  expect(result.jobs[0]?.id).toBe('legs/mid/leaf');
});

test("a job's token names the innermost called file, at the ref by which the outer one was called", async () => {
  const inner = `on:
  workflow_call:
    outputs: { said: { value: "\${{ jobs.leaf.outputs.said }}" } }
permissions: {}
jobs:
  leaf:
    runs-on: x
    permissions: { id-token: write }
    outputs: { said: "\${{ steps.token.outputs.said }}" }
    steps:
      - id: token
        run: |
          node -e 'fetch(process.env.ACTIONS_ID_TOKEN_REQUEST_URL, { headers: { authorization: "bearer " + process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN } }).then((r) => r.json()).then(({ value }) => { const c = JSON.parse(Buffer.from(value.split(".")[1], "base64url")); console.log([c.job_workflow_ref, c.workflow_ref, c.job_workflow_sha].join("\\n")); })'
          echo said=it >> "$GITHUB_OUTPUT"
          exit 1
`;
  const outer = `on: workflow_call
permissions: {}
jobs:
  mid:
    permissions: { id-token: write }
    uses: $/.github/workflows/inner.yml
  after:
    needs: mid
    if: always()
    runs-on: x
    steps: [ { id: a, run: "echo \${{ needs.mid.result }} \${{ needs.mid.outputs.said }}" } ]
`;
  const provider = await world.repository(
    { '.github/workflows/inner.yml': inner, '.github/workflows/outer.yml': outer },
    { owner: 'OWNER', visibility: 'public' },
  );
  const path = world.github.world.repositories.get(provider.toLowerCase())?.path ?? '';
  const sha = (await resolveCommit(path, 'refs/heads/main')) ?? '';
  await setRef(path, 'refs/tags/v0.1.0', sha);
  await commitFiles(path, {
    branch: 'main',
    from: 'main',
    files: { '.github/workflows/inner.yml': 'on: workflow_call' }, // newer than what is called
    message: 'Go on\n',
    author: { name: 'Provider', email: 'p@example.com' },
  });
  const result = await world.run(`on: push
permissions: {}
jobs:
  call:
    permissions: { id-token: write }
    uses: ${provider}/.github/workflows/outer.yml@v0.1.0
`);
  const [ref, caller, at] = linesOf(result, 'token', 'call / mid / leaf');
  expect(ref).toBe(`${provider}/.github/workflows/inner.yml@refs/tags/v0.1.0`);
  expect(caller).toMatch(/^acme\/repository-\d+\/\.github\/workflows\/ci\.yml@refs\/heads\/main$/);
  expect(at).toBe(sha);
  expect(linesOf(result, 'a')).toEqual(['failure it']); // a job that failed has put out what it had
});

test('an input that turns out to have the wrong type fails the call with the way to mend it', async () => {
  const called = `on: { workflow_call: { inputs: { flag: { type: boolean } } } }
jobs: { a: { runs-on: x, steps: [ { run: "true" } ] } }`;
  const result = await world.run(
    `on: push
jobs: { call: { uses: ./.github/workflows/called.yml, with: { flag: "\${{ format('{0}', 'true') }}" } } }`,
    { files: { '.github/workflows/called.yml': called } },
  );
  expect(result.jobs[0]).toMatchObject({
    name: 'call',
    conclusion: 'failure',
    annotations: [{ message: expect.stringContaining('needs fromJSON()') }],
  });
});

test("a run for a fork's pull request reads at most and has no secrets, not even an environment's", async () => {
  const workflow = `on: pull_request
permissions: { contents: write, id-token: write }
jobs:
  a:
    runs-on: x
    environment: prod
    steps:
      - { id: s, env: { K: "\${{ secrets.K }}\${{ secrets.E }}" }, run: "echo [$K] [$ACTIONS_ID_TOKEN_REQUEST_URL] $GITHUB_REF $GITHUB_HEAD_REF $GITHUB_BASE_REF" }
`;
  const repository = await world.repository({ [CI]: workflow });
  const { github } = world;
  const origin = github.world.repositories.get(repository);
  const path = `${origin?.path}.fork`;
  await copyGitRepository(origin?.path ?? '', path);
  const author = { name: 'Stranger', email: 's@example.com' };
  await commitFiles(path, { branch: 'wish', from: 'main', files: { x: 'y' }, message: 'Wish\n', author });
  github.addUser({ login: 'stranger', id: 999 });
  github.addRepository({ owner: 'stranger', ownerId: 999, name: 'fork', id: 9999, path, forkOf: repository });
  const pull = await github.openPullRequest({
    repository,
    head: 'wish',
    headRepository: 'stranger/fork',
    user: 'stranger',
    title: 'A wish',
  });
  const result = await world.run(workflow, {
    repository,
    event: 'pull_request',
    ref: `refs/pull/${pull.number}/merge`,
    actor: 'stranger',
    secrets: { K: 'hidden' },
    environmentSecrets: { prod: { E: 'hidden' } },
  });
  expect(linesOf(result, 's')).toEqual([`[] [] refs/pull/${pull.number}/merge wish main`]);
  expect(result.jobs[0]?.log).toMatch(/^Contents: read$/m);
});
