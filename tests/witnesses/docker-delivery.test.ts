import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { answeringEngine } from '@tenant-delivery/local-aws/runtimes/docker-engine';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { beginRun, logOf, succeeded } from '../stage/played-run.ts';
import { openStage } from '../stage/stage.ts';

const unmet = await answeringEngine(process.env).then(
  () => undefined,
  (cause: Error) => cause.message,
);

describeWith(
  'docker',
  'a delivery into containers',
  () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage({ runtime: 'docker', scale: 20 });
    });
    afterAll(() => stage.platform.close());

    /** Commits, builds, judges, plans, approves and deploys; answers how the deploy ended. */
    async function release(files: Readonly<Record<string, string>>) {
      await stage.commit('A release', files);
      const run = await beginRun(stage.platform);
      const change = await run.plan();
      succeeded(await run.approve(change));
      const deployed = await run.deploy(change);
      return { run, change, deployed };
    }

    /** That a release was rolled back for this cause, while the version before serves on. */
    async function expectRolledBack(
      { change, deployed }: Awaited<ReturnType<typeof release>>,
      cause: object,
    ): Promise<void> {
      expect([deployed.outputs['reason-code'], logOf(deployed)]).toEqual([
        'DEPLOYMENT_ROLLED_BACK',
        expect.any(String), // so that a surprise shows its log
      ]);
      expect(await stage.document(change, 'report')).toMatchObject({
        outcome: 'rolled-back',
        causes: [cause],
      });
      expect(await stage.ask()).toEqual({ status: 200, body: '{"name":"orders","version":"1.0.1"}' });
    }

    test('is verified and closed, and answers behind the internal balancer', async () => {
      const { run, change, deployed } = await release({ VERSION: '1.0.1\n' });
      succeeded(deployed);
      await run.close(change, deployed);
      const events = await stage.events(change);
      expect(events.at(-1)?.transition.to).toBe('closed');
      expect(await stage.ask()).toEqual({ status: 200, body: '{"name":"orders","version":"1.0.1"}' });
    }, 120_000);

    test('that crashes at its start is rolled back, with its exit code and its own last words', async () => {
      const released = await release({
        'server.js': "console.error('cannot start: ORDERS_DB is not set');\nprocess.exit(3);\n",
      });
      await expectRolledBack(released, {
        class: 'crash',
        container: 'orders',
        exitCode: 3,
        log: ['cannot start: ORDERS_DB is not set'],
      });
    }, 120_000);

    test('that wants more memory than its task has is rolled back, with the words of ECS', async () => {
      const released = await release({
        'server.js': 'const held = [];\nfor (;;) held.push(Buffer.alloc(8_000_000, 1));\n',
      });
      await expectRolledBack(released, {
        class: 'out-of-memory',
        exitCode: 137,
        containerReason: 'OutOfMemoryError: Container killed due to memory usage',
      });
    }, 120_000);

    test('that listens on its loopback alone is rolled back, because no balancer reaches it', async () => {
      const released = await release({
        'server.js':
          "import { createServer } from 'node:http';\ncreateServer((_, response) => response.end('ok')).listen(8080, '127.0.0.1', () => console.log('listening'));\nprocess.on('SIGTERM', () => process.exit(0));\n",
      });
      await expectRolledBack(released, { class: 'target-unhealthy', log: ['listening'] });
    }, 120_000);
  },
  unmet,
);
