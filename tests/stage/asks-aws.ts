import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { startSession } from '@tenant-delivery/aws/session/session';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { ORDERS } from './acme.ts';

/** A process that asks AWS as a job does, at AWS's own addresses, and prints what came of it: TOKEN is the job's identity. */
const { TOKEN = '', REGION = ORDERS.region } = process.env;
const runner = fakeRunner({ idToken: async () => TOKEN });
try {
  const { opened } = await startSession(runner, process.env, { ...ORDERS, region: REGION }, ['deploy']);
  const service = await ecsServices(await opened, 'deploy').service('acme-prod', 'orders');
  const registry = await fetch(`https://${ORDERS.account}.dkr.ecr.${REGION}.amazonaws.com/v2/`);
  console.log(JSON.stringify({ service: service?.arn, registry: registry.status }));
} catch (thrown) {
  const { code, message, remedy } = Object(thrown);
  console.log(JSON.stringify({ code, message, remedy }));
}
