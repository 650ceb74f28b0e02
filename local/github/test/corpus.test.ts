import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { counted } from '@tenant-delivery/testkit/counts';
import { parse } from 'yaml';
import type { RunOptions, RunResult } from '../src/index.ts';
import { conclusionsOf, linesOf, type RunnerWorld, startRunnerWorld } from './fixtures/runner-world.ts';

/** What GitHub documents of one small workflow, in the comment at its head. */
interface Documented
  extends Pick<RunOptions, 'payload' | 'inputs' | 'secrets' | 'variables' | 'minute'>,
    Partial<Pick<RunOptions, 'event'>> {
  /** Title of the page on docs.github.com. */
  readonly page: string;
  readonly says: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Of the run. */
  readonly run?: string;
  /** Conclusions by the names of jobs, and by the ids of steps. */
  readonly jobs?: Readonly<Record<string, string>>;
  readonly steps?: Readonly<Record<string, string>>;
  /** Lines by `step` or `job/step`. */
  readonly prints?: Readonly<Record<string, readonly string[]>>;
  /** Lines of a job's summary. */
  readonly summary?: Readonly<Record<string, readonly string[]>>;
  /** `level file line message` */
  readonly annotations?: readonly string[];
  readonly title?: string;
  /** A pattern of why the workflow is invalid, or does not run. */
  readonly refused?: string;
}

const FOLDER = join(import.meta.dirname, 'corpus');

const pathOf = (name: string) => `.github/workflows/${name}.yml`;

const cases = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const head = text.split('\n').filter((line) => /^#( |$)/.test(line));
  const documented = parse(head.map((line) => line.slice(2)).join('\n')) as Documented; // written for this test
  return { name: file.replace('.yml', ''), text, documented };
});

let world: RunnerWorld;
let repository: string;
/** One repository has all that need no other file: each of its own would be two processes more. */
beforeAll(async () => {
  world = await startRunnerWorld();
  const alone = cases.filter(({ documented }) => !documented.files);
  repository = await world.repository(
    Object.fromEntries(alone.map(({ name, text }) => [pathOf(name), text])),
  );
});
afterAll(() => world.close());

function playedOn({ name, text, documented }: (typeof cases)[number]): Promise<RunResult> {
  const { event = 'push', payload, inputs, secrets, variables, minute, files } = documented;
  const patience = { afterInterrupt: 50, afterTerminate: 50 };
  return world.run(text, {
    ...(files ? { files } : { repository, workflow: pathOf(name) }),
    event,
    patience,
    ...(payload && { payload }),
    ...(inputs && { inputs }),
    ...(secrets && { secrets }),
    ...(variables && { variables }),
    ...(minute && { minute }),
  });
}

/** What the run shows of each thing that the head of the file says. */
function shownBy(result: RunResult, documented: Documented) {
  const { jobs } = result;
  const stepOf = (id: string) => jobs.flatMap(({ steps }) => steps).find((step) => step.id === id);
  return {
    ...(documented.run && { run: result.conclusion }),
    ...(documented.jobs && { jobs: conclusionsOf(result) }),
    ...(documented.steps && { steps: mapped(documented.steps, (id) => stepOf(id)?.conclusion) }),
    ...(documented.prints && {
      prints: mapped(documented.prints, (name) => {
        const cut = name.lastIndexOf('/');
        return cut < 0 ? linesOf(result, name) : linesOf(result, name.slice(cut + 1), name.slice(0, cut));
      }),
    }),
    ...(documented.summary && {
      summary: mapped(documented.summary, (job) =>
        jobs
          .find(({ name }) => name === job)
          ?.summary.trim()
          .split('\n'),
      ),
    }),
    ...(documented.annotations && {
      annotations: jobs
        .flatMap(({ annotations }) => annotations)
        .map(({ level, file = '', line = '', message }) => `${level} ${file} ${line} ${message}`),
    }),
    ...(documented.title && { title: titleOf(result.runId) }),
  };
}

function titleOf(id: number): string | undefined {
  const runs = [...world.github.world.repositories.values()].flatMap((repository) => repository.runs);
  return runs.find((run) => run.id === id)?.title;
}

function mapped<T>(of: object, value: (name: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.keys(of).map((name) => [name, value(name)]));
}

describe.each(cases)('$name: $documented.says', (one) => {
  it(`is as "${one.documented.page}" has it`, async () => {
    const { page, says, files, event, payload, inputs, secrets, variables, minute, refused, ...shown } =
      one.documented;
    if (refused === undefined) {
      expect(shownBy(await playedOn(one), one.documented)).toEqual(shown);
    } else {
      await expect(playedOn(one)).rejects.toThrow(new RegExp(refused));
    }
  });
});

test('there are as many workflows as before, each with its page', () => {
  expect(cases.filter(({ documented: { page, says } }) => !page || !says)).toEqual([]);
  counted('corpus of workflows', { workflows: cases.length });
});
