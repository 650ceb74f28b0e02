import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { linesOf, type RunnerWorld, startRunnerWorld } from './fixtures/runner-world.ts';

let world: RunnerWorld;
beforeAll(async () => {
  world = await startRunnerWorld();
});
afterAll(() => world.close());

/** A job of these steps. */
function job(steps: string): string {
  return `on: push\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.replace(/^/gm, '      ')}`;
}

test('a step passes outputs, variables and paths on through its files, also over several lines', async () => {
  const result = await world.run(
    job(`- id: first
  run: |
    echo "word=a=b" >> "$GITHUB_OUTPUT"
    printf 'text<<END\\none\\n\\nthree\\nEND\\n' >> "$GITHUB_OUTPUT"
    echo "COLOUR=blue" >> "$GITHUB_ENV"
    mkdir bin && printf '#!/bin/sh\\necho found' > bin/tool && chmod +x bin/tool
    echo "$PWD/bin" >> "$GITHUB_PATH"
    echo "# Done" >> "$GITHUB_STEP_SUMMARY"
- id: second
  run: |
    echo '\${{ steps.first.outputs.word }}' "$COLOUR" '\${{ env.COLOUR }}' "$(tool)"
    echo '\${{ toJSON(steps.first.outputs.text) }}'`),
  );
  expect(linesOf(result, 'second')).toEqual(['a=b blue blue found', '"one\\n\\nthree"']);
  expect(result.jobs[0]?.summary).toBe('# Done\n');
});

test.each([
  ['GITHUB_OUTPUT', 'echo novalue', "Invalid format 'novalue'"],
  ['GITHUB_ENV', "printf 'x<<END\\nopen\\n'", "Invalid value. Matching delimiter not found 'END'"],
])('wrong syntax in %s fails the step and says what is wrong', async (file, write, message) => {
  const result = await world.run(job(`- run: ${write} >> "$${file}"`));
  expect(result.conclusion).toBe('failure');
  expect(result.jobs[0]?.annotations.map((each) => each.message)).toContain(message);
});

test('no step can set NODE_OPTIONS for the next', async () => {
  const result = await world.run(
    job(`- run: echo "NODE_OPTIONS=--require=/evil" >> "$GITHUB_ENV"
- id: next
  run: echo "[$NODE_OPTIONS]"`),
  );
  expect(linesOf(result, 'next')).toEqual(['[]']);
  expect(result.jobs[0]?.annotations[0]?.message).toMatch(/Can't store NODE_OPTIONS/);
});

test('a secret is hidden in the log in every line and encoding, and so is what a step masks', async () => {
  const secret = 'hunter2 "quoted"\nsecond-line-of-it';
  const result = await world.run(
    job(`- env: { SECRET: "\${{ secrets.KEY }}" }
  run: |
    WORD=made; WORD="$WORD-up"
    echo "::add-mask::$WORD"
    echo "$WORD $SECRET"
    printf 'user:%s' "$SECRET" | base64 -w0; echo
    node -e 'console.log(encodeURIComponent(process.env.SECRET), JSON.stringify(process.env.SECRET))'
    echo "::notice::$WORD"`),
    { secrets: { KEY: secret } },
  );
  const [report] = result.jobs;
  const everything = JSON.stringify(report);
  for (const part of ['made-up', 'hunter2', 'second-line', 'aHVudGVyMi', 'VudGVyMiAicXV', 'dW50ZXIy']) {
    expect(everything).not.toContain(part);
  }
  expect(report?.annotations[0]?.message).toBe('***');
});

test('commands are only text between stop-commands and its token', async () => {
  const result = await world.run(
    job(`- id: hostile
  run: |
    echo "::stop-commands::pause"
    echo "::error::not an error"
    echo "::pause::"
    echo "::error file=a.ts,line=3,endLine=4,col=2,title=A%3A b::Wrong%0Ahere 100%25"`),
  );
  expect(linesOf(result, 'hostile')[0]).toBe('::error::not an error');
  expect(result.jobs[0]?.annotations).toEqual([
    expect.objectContaining({
      level: 'error',
      message: 'Wrong\nhere 100%',
      title: 'A: b',
      file: 'a.ts',
      line: 3,
      endLine: 4,
      col: 2,
    }),
  ]);
});

test('a step has ten annotations of a level at most; the log has them all', async () => {
  const result = await world.run(job('- run: for i in $(seq 15); do echo "::warning::number $i"; done'));
  const warnings = result.jobs[0]?.annotations.filter(({ level }) => level === 'warning');
  expect(warnings).toHaveLength(10);
  expect(result.jobs[0]?.log).toContain('##[warning]number 15');
});

test("a process gets the runner's variables and nothing of the machine's but PATH", async () => {
  process.env['LEAK_OF_THIS_MACHINE'] = 'yes';
  const result = await world.run(
    job(`- id: env
  env: { GITHUB_REPOSITORY: forged, OWN: mine }
  run: |
    env | cut -d= -f1 | sort | tr '\\n' ' '; echo
    echo "$GITHUB_REPOSITORY $OWN $EXTRA $CI"
    test "$HOME" != "${process.env['HOME']}" && touch "$HOME/x" "$RUNNER_TEMP/y"`),
    { env: { EXTRA: 'from-runner' } },
  );
  delete process.env['LEAK_OF_THIS_MACHINE'];
  const [names = '', values = ''] = linesOf(result, 'env');
  expect(names.split(' ').filter((name) => !/^(GITHUB|RUNNER)_|^$/.test(name))).toEqual(
    'CI EXTRA HOME LANG OWN PATH PWD SHLVL _'.split(' '),
  );
  expect(values).toMatch(/^acme\/repository-\d+ mine from-runner true$/);
  expect(result.conclusion).toBe('success');
});

test('bash stops at the first failure, and with shell: bash also inside a pipe', async () => {
  const result = await world.run(
    job(`- { run: "false | true; echo pipe ignored", id: plain }
- { run: "false | true; echo not reached", id: bash, shell: bash, continue-on-error: true }
- { run: "echo $0", id: sh, shell: sh }`),
  );
  expect(linesOf(result, 'plain')).toEqual(['pipe ignored']);
  expect(linesOf(result, 'bash')).toEqual(['##[error]Process completed with exit code 1.']);
  expect(result.jobs[0]?.steps.find(({ id }) => id === 'bash')).toMatchObject({
    outcome: 'failure',
    conclusion: 'success',
  });
  expect(result.conclusion).toBe('success');
});

test('after a failure only those steps run whose condition asks for it', async () => {
  const result = await world.run(
    job(`- { run: exit 3, id: broken }
- { run: echo no, name: default }
- { run: echo yes, name: failure, if: failure() }
- { run: echo yes, name: always, if: "\${{ always() }}" }
- { run: echo no, name: cancelled, if: cancelled() }
- { run: echo yes, name: outcome, if: "always() && steps.broken.outcome == 'failure'" }
- { run: echo no, name: no status, if: "steps.broken.outcome == 'failure'" }`),
  );
  const ran = Object.fromEntries(
    result.jobs[0]?.steps.map(({ name, conclusion }) => [name, conclusion]) ?? [],
  );
  expect(ran).toMatchObject({
    default: 'skipped',
    failure: 'success',
    always: 'success',
    cancelled: 'skipped',
    outcome: 'success',
    'no status': 'skipped',
  });
  expect(result.conclusion).toBe('failure');
});

test('hashFiles tells whether files changed, and is empty where there are none', async () => {
  const result = await world.run(
    job(`- run: mkdir a && echo 1 > a/x.lock && echo 2 > a/y.lock
- { id: hash, run: "echo \${{ hashFiles('**/*.lock') }} \${{ hashFiles('**/*.lock', '!a/y.lock') }} [\${{ hashFiles('none') }}]" }`),
  );
  expect(linesOf(result, 'hash')[0]).toMatch(/^([0-9a-f]{64}) (?!\1)[0-9a-f]{64} \[\]$/);
});
