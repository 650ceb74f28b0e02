import { describe, expect, it } from '@jest/globals';
import { actionFile, type Job, type Workflow, workflowFiles } from './workflow-files.ts';

const { ours, templates } = workflowFiles();
const all = [...ours, ...templates];
const called = ours.filter(({ on }) => 'workflow_call' in on);
const one = (file: string): Workflow => {
  const found = ours.find((workflow) => workflow.file === file);
  if (!found) throw new Error(`${file} is gone`);
  return found;
};
const jobsOf = (workflow: Workflow) => Object.entries(workflow.jobs);
const stepsOf = (job: Job) => job.steps ?? [];
/** The workflow that a job calls, where it calls one of ours. */
const calledBy = ({ uses = '' }: Job): Workflow | undefined => {
  const file = /\/workflows\/([a-z-]+\.yml)(@|$)/.exec(uses)?.[1];
  return file === undefined ? undefined : one(file);
};
const outputsOf = (job: Job | undefined): object =>
  (job && calledBy(job)?.on['workflow_call']?.outputs) ?? job?.outputs ?? {};
/** An expression as it stands in a workflow file. */
const expression = (text: string) => `\${{ ${text} }}`;
const PLACE = `${expression('inputs.tenant')}-${expression('inputs.environment')}`;
const RANK: Readonly<Record<string, number>> = { none: 0, read: 1, write: 2 };

describe.each(all.map((workflow) => [workflow.path, workflow] as const))('%s', (_, workflow) => {
  it('gives each of our actions the inputs that it declares, and reads the outputs that it has', () => {
    for (const [, job] of jobsOf(workflow)) {
      const actions = stepsOf(job).flatMap(({ id, uses, with: given = {} }) => {
        const name = /^\$\/actions\/(.+)$/.exec(uses ?? '')?.[1];
        return name === undefined ? [] : [{ id, name, given, declared: actionFile(name) }];
      });
      for (const { name, given, declared } of actions) {
        const required = Object.entries(declared.inputs).filter(([, input]) => input.required === true);
        expect([name, Object.keys(given).filter((input) => !(input in declared.inputs))]).toEqual([name, []]);
        expect([name, required.map(([input]) => input).filter((input) => !(input in given))]).toEqual([
          name,
          [],
        ]);
      }
      for (const [, id = '', output = ''] of JSON.stringify(job).matchAll(
        /steps\.([\w-]+)\.outputs\.([\w-]+)/g,
      )) {
        if (stepsOf(job).some((step) => step.id === id && step.run !== undefined)) continue; // a script's, seen by no declaration
        const action = actions.find((each) => each.id === id);
        expect([id, output, action !== undefined && output in action.declared.outputs]).toEqual([
          id,
          output,
          true,
        ]);
      }
    }
  });

  it('reads from other jobs only what they put out', () => {
    for (const [, job] of jobsOf(workflow)) {
      const needs = [job.needs ?? []].flat();
      for (const [, id = '', output = ''] of JSON.stringify(job).matchAll(
        /needs\.([\w-]+)\.outputs\.([\w-]+)/g,
      )) {
        expect([id, needs.includes(id), output in outputsOf(workflow.jobs[id])]).toEqual([id, true, true]);
      }
    }
  });
});

describe('the reusable workflows', () => {
  it.each(['deliver.yml', 'rollback.yml', 'promote.yml', 'resume.yml'])(
    '%s verifies nothing while the deployment waits at a pause, and leaves the change open then',
    (file) => {
      const steps = one(file).jobs['deploy']?.steps ?? [];
      const verify = steps.find(({ uses }) => uses === '$/actions/verify-target-health');
      expect(verify?.if).toBe(expression("steps.deploy.outputs.outcome != 'paused'"));
      expect(steps.at(-1)?.with?.['hook']).toBe(expression('steps.deploy.outputs.hook'));
    },
  );

  it.each([
    ['deliver.yml', ['build', 'plan', 'approve', 'deploy', 'settle']],
    ['build.yml', ['build']],
    ['rollback.yml', ['propose', 'deploy', 'settle']],
    ['promote.yml', ['propose', 'approve', 'deploy', 'settle']],
    ['release-gate.yml', ['gate']],
    ['verify.yml', ['verify']],
    ['re-gate.yml', ['re-gate']],
    ['rotate-access.yml', ['rotate']],
    ['break-glass.yml', ['second', 'change', 'list']],
    ['credential-report.yml', ['report']],
    ['resume.yml', ['deploy']],
    ['provision.yml', ['plan', 'second', 'approve', 'apply', 'settle']],
    ['withdraw.yml', ['withdraw']],
    ['verify-provision.yml', ['verify']],
    ['drift.yml', ['drift']],
    ['doctor.yml', ['doctor']],
  ])('%s keeps the names that callers require as checks', (file, names) => {
    expect(jobsOf(one(file)).map(([id, { name }]) => [id, name])).toEqual(names.map((name) => [name, name]));
  });

  it.each(['deliver.yml', 'rollback.yml', 'promote.yml', 'resume.yml'])(
    '%s deploys one change of a service at a time and loses none',
    (file) => {
      expect(one(file).jobs['deploy']).toMatchObject({
        environment: { name: PLACE },
        concurrency: {
          group: `td-${PLACE}-${expression('inputs.service')}`,
          'cancel-in-progress': false,
          queue: 'max',
        },
      });
    },
  );

  it('deliver.yml plans behind the deploys of the service, so that a plan starts from what they leave', () => {
    const { plan, deploy } = one('deliver.yml').jobs;
    expect(plan?.concurrency).toEqual(deploy?.concurrency);
    expect(plan?.concurrency).toBeDefined();
  });

  it.each(['deliver.yml', 'promote.yml'])(
    '%s asks for one approval of a service at a time, the newest',
    (file) => {
      const { approve } = one(file).jobs;
      const place = ['tenant', 'environment', 'service']
        .map((name) => expression(`inputs.${name}`))
        .join('/');
      expect(approve?.concurrency).toEqual({ group: `td-approval/${place}`, 'cancel-in-progress': true });
    },
  );

  it.each(['deliver.yml', 'rollback.yml', 'promote.yml'])(
    '%s deploys only what was planned, and checks out no code to do it',
    (file) => {
      const { deploy } = one(file).jobs;
      expect(deploy?.if).toContain("outputs.outcome == 'planned'");
      expect(deploy?.permissions).toEqual({ 'id-token': 'write' });
      expect(deploy?.steps?.every(({ uses }) => uses?.startsWith('$/actions/'))).toBe(true);
    },
  );

  it.each(['deliver.yml', 'rollback.yml', 'promote.yml'])(
    '%s settles every change at the end, whatever happened',
    (file) => {
      const { settle, ...others } = one(file).jobs;
      expect(settle?.if).toBe(expression('always()'));
      expect(settle?.needs).toEqual(Object.keys(others));
      const close = others['deploy']?.steps?.at(-1);
      expect(close).toMatchObject({ uses: '$/actions/close-change', if: expression('always()') });
    },
  );

  it('deliver.yml asks for the approval in an environment of its own, after the gate', () => {
    const { plan, approve, deploy } = one('deliver.yml').jobs;
    expect(approve?.environment).toEqual({ name: `${PLACE}-approval` });
    expect(approve?.needs).toEqual(['build', 'plan']);
    expect(approve?.if).toBe(expression("needs.plan.outputs.outcome == 'planned'"));
    expect(deploy?.if).toContain("needs.approve.result == 'success'");
    expect(plan?.environment).toBeUndefined();
  });

  it('promote.yml builds nothing, judges before it plans, and asks for the approval unless its kind is one', () => {
    const { propose, approve, deploy } = one('promote.yml').jobs;
    const actions = propose?.steps?.map(({ uses }) => uses?.replace('$/actions/', ''));
    expect(actions).toEqual([
      'open-change',
      'gate-on-ecr-findings',
      expect.stringMatching(/^actions\/upload-artifact@/),
      'deploy-ecs-service',
    ]);
    expect(approve?.environment).toEqual({ name: `${PLACE}-approval` });
    expect(approve?.if).toContain("outputs.needs-approval == 'true'");
    expect(deploy?.if).toContain("needs.approve.result == 'success'");
    expect(deploy?.if).toContain("outputs.needs-approval == 'false' && needs.approve.result == 'skipped'");
  });

  it('rotate-access.yml works on one credential of a tenant at a time, and on a leak or an acknowledgement after an approval', () => {
    const { rotate } = one('rotate-access.yml').jobs;
    expect(rotate?.concurrency).toEqual({
      group: `td-rotate-${expression('inputs.tenant')}-${expression('inputs.credential')}`,
      'cancel-in-progress': false,
      queue: 'max',
    });
    const approved = expression(
      "(inputs.wish == 'compromise' || inputs.acknowledge != '') && '-approval' || ''",
    );
    expect(rotate?.environment).toEqual({ name: `${PLACE}${approved}` });
    // who approved is GitHub's word
    expect(rotate?.permissions).toEqual({ 'id-token': 'write', actions: 'read' });
    expect(rotate?.steps?.at(-1)?.with).toMatchObject({ 'github-token': expression('github.token') });
  });

  it('break-glass.yml changes grants after two people said so, each in an environment of their own, one run at a time', () => {
    const { second, change, list } = one('break-glass.yml').jobs;
    expect(second?.environment).toEqual({ name: `${PLACE}-break-glass-second` });
    expect(second?.permissions).toEqual({});
    expect(second?.if).toContain("inputs.mode == 'open-grant' && inputs.reviewers > 1");
    expect(change?.environment).toEqual({ name: `${PLACE}-break-glass` });
    expect(change?.if).toContain("inputs.mode != 'list-grants'");
    expect(change?.if).toContain("needs.second.result == 'success' || needs.second.result == 'skipped'");
    expect(change?.concurrency).toEqual({
      group: `td-break-glass-${PLACE}`,
      'cancel-in-progress': false,
      queue: 'max',
    });
    // what only reads waits for nobody
    expect(list?.environment).toBeUndefined();
    expect(list?.permissions).toEqual({ 'id-token': 'write' });
    expect(list?.steps?.at(-1)?.with).toMatchObject({ mode: 'list-grants' });
  });

  it('provision.yml applies what people approved, one part of an environment at a time, and settles whatever happened', () => {
    const { plan, second, approve, apply, settle } = one('provision.yml').jobs;
    expect(plan?.environment).toBeUndefined();
    expect(apply?.environment).toEqual({ name: PLACE });
    expect(apply?.concurrency).toEqual({
      group: `td-${PLACE}-${expression('inputs.part')}`,
      'cancel-in-progress': false,
      queue: 'max',
    });
    expect(plan?.concurrency).toEqual(apply?.concurrency);
    expect(approve?.environment).toEqual({ name: `${PLACE}-approval` });
    expect(approve?.concurrency).toMatchObject({ 'cancel-in-progress': true });
    expect(apply?.if).toContain("needs.approve.result == 'success'");
    expect(apply?.permissions).toEqual({ 'id-token': 'write' });
    // a withdrawal waits for the other side too, and no approve job of it starts without
    expect(second?.environment).toEqual({ name: `${PLACE}-approval-second` });
    expect(second?.permissions).toEqual({});
    expect(second?.if).toContain("inputs.kind == 'withdrawal'");
    expect(approve?.if).toContain(
      "needs.second.result == 'success' || (inputs.kind != 'withdrawal' && needs.second.result == 'skipped')",
    );
    expect(settle?.if).toBe(expression('always()'));
    expect(settle?.needs).toEqual(['plan', 'second', 'approve', 'apply']);
  });

  it('withdraw.yml asks for a withdrawal, and hands on every other input of provision.yml', () => {
    const { withdraw } = one('withdraw.yml').jobs;
    const { inputs = {} } = one('provision.yml').on['workflow_call'] ?? {};
    expect(withdraw?.with).toEqual({
      ...Object.fromEntries(Object.keys(inputs).map((name) => [name, expression(`inputs.${name}`)])),
      kind: 'withdrawal',
    });
  });

  it('drift.yml compares every part, whatever the others say, and only observes', () => {
    const { drift } = one('drift.yml').jobs;
    const looks = stepsOf(drift ?? {}).filter(({ uses }) => uses?.startsWith('$/'));
    expect(looks.map(({ with: given }) => [given?.['part'], given?.['mode']])).toEqual(
      ['foundation', 'network', 'services'].map((part) => [part, 'observe']),
    );
    expect(looks.every((step) => step.if === expression('!cancelled()'))).toBe(true);
    // the key of an App goes to the one look that asks GitHub
    expect(looks.filter(({ with: given }) => given?.['reader-app-key']).length).toBe(1);
    expect(drift?.permissions).toEqual({ 'id-token': 'write', issues: 'write' });
  });

  it('release-gate.yml takes the base branch for what is, and changes nothing at AWS', () => {
    const { gate } = one('release-gate.yml').jobs;
    expect(gate?.steps?.map(({ with: given }) => given?.['ref'])).toContain(
      expression('github.event.pull_request.base.sha'),
    );
    expect(gate?.steps?.at(-1)?.with).toMatchObject({ mode: 'assess' });
  });

  it("a customer's build runs in a job of build.yml, and deliver.yml runs nothing else that could build", () => {
    const { build, ...others } = one('deliver.yml').jobs;
    expect(build).toMatchObject({ uses: '$/.github/workflows/build.yml' });
    const text = (file: string) => JSON.stringify(one(file).jobs);
    expect(text('build.yml')).toContain('$/actions/build-and-scan-image');
    expect(text('build.yml')).not.toMatch(/gate-on-ecr|deploy-ecs|approve-change|close-change/);
    expect(JSON.stringify(others)).not.toMatch(/build-and-scan-image|open-change|secrets\./);
    const building = all.filter(({ text }) => text.includes('actions/build-and-scan-image'));
    expect(building.map(({ path }) => path)).toEqual(['.github/workflows/build.yml']);
  });

  it('deliver.yml hands the build every input and secret that it declares, under its own name', () => {
    const { inputs = {} } = one('build.yml').on['workflow_call'] ?? {};
    const given = Object.keys(inputs).map((name) => [name, expression(`inputs.${name}`)]);
    expect(one('deliver.yml').jobs['build']?.with).toEqual(Object.fromEntries(given));
    const declared = one('deliver.yml').on['workflow_call']?.inputs ?? {};
    expect(Object.keys(inputs).map((name) => [name, inputs[name]])).toEqual(
      Object.keys(inputs).map((name) => [name, declared[name]]),
    );
  });

  it('build.yml takes what the build can be given; secrets reach that step alone, by the name of a variable', () => {
    const { build } = one('build.yml').jobs;
    const step = build?.steps?.find(({ id }) => id === 'build');
    const asked = Object.entries(actionFile('build-and-scan-image').inputs)
      .filter(([, { description = '' }]) => !description.startsWith('Without a contract: '))
      .map(([name]) => name);
    // Given by a name of its own, by the workflow itself, or not at all: files are not in a fresh checkout.
    const other = ['contract', 'platforms', 'change', 'secrets', 'secret-files', 'secrets-variable'];
    const through = asked.filter((name) => !other.includes(name));
    expect(through.filter((name) => step?.with?.[name] !== expression(`inputs.${name}`))).toEqual([]);
    expect(step?.env).toEqual({ BUILD_SECRETS: expression('secrets.build-secrets') });
    expect(step?.with?.['secrets-variable']).toBe('BUILD_SECRETS');
    for (const file of ['build.yml', 'deliver.yml'])
      expect([...one(file).text.matchAll(/secrets\.[\w-]+/g)]).toHaveLength(1);
  });

  it('explain every input, output and secret', () => {
    for (const { path, on } of called) {
      const { inputs = {}, ...rest } = on['workflow_call'] ?? {};
      const { outputs = {}, secrets = {} } = rest as Readonly<
        Record<string, Readonly<Record<string, { description?: string }>>>
      >; // read next
      for (const [name, { description }] of [inputs, outputs, secrets].flatMap((each) =>
        Object.entries(each),
      ))
        expect([path, name, (description ?? '') !== '']).toEqual([path, name, true]);
    }
  });
});

describe('the callers of our workflows', () => {
  const calls = all.flatMap((workflow) =>
    jobsOf(workflow).flatMap(([id, job]) => {
      const found = calledBy(job);
      return found ? [[`${workflow.path} ${id}`, job, found] as const] : [];
    }),
  );

  it('exist for every reusable workflow', () => {
    expect(new Set(calls.map(([, , { file }]) => file))).toEqual(new Set(called.map(({ file }) => file)));
  });

  it.each(calls)(
    '%s grants what the called jobs need and no more: GitHub refuses less',
    (_, job, workflow) => {
      const needed = new Map<string, string>();
      for (const [, { permissions = {} }] of jobsOf(workflow)) {
        for (const [scope, access] of Object.entries(permissions)) {
          if ((RANK[access] ?? 0) > (RANK[needed.get(scope) ?? 'none'] ?? 0)) needed.set(scope, access);
        }
      }
      expect(job.permissions).toEqual(Object.fromEntries(needed));
    },
  );

  it.each([
    ['rotate-access.yml', ['tenant', 'environment', 'credential', 'wish', 'acknowledge', 'adopt', 'resolve']],
    [
      'break-glass.yml',
      ['tenant', 'environment', 'mode', 'requester', 'principal', 'minutes', 'incident', 'grant'],
    ],
  ])('%s names in its run what its reviewers approve', (file, inputs) => {
    const name = /^run-name: .*$/m.exec(templates.find((one) => one.file === file)?.text ?? '')?.[0] ?? '';
    expect(inputs.filter((input) => !name.includes(`inputs.${input}`))).toEqual([]);
  });

  it.each(calls)('%s gives the inputs that the workflow declares', (_, job, workflow) => {
    const inputs = workflow.on['workflow_call']?.inputs ?? {};
    const given = Object.keys(job.with ?? {});
    expect(given.filter((name) => !(name in inputs))).toEqual([]);
    const required = Object.entries(inputs).filter(([, input]) => input.required === true);
    expect(required.map(([name]) => name).filter((name) => !given.includes(name))).toEqual([]);
  });
});
