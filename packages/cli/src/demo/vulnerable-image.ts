import type { Stage } from './stage.ts';

const DOCKERFILE = `ARG REGISTRY
FROM \${REGISTRY}/base/node:24-old

WORKDIR /srv
COPY package.json server.js VERSION ./

EXPOSE 8080
CMD ["node", "server.js"]
`;

/** An image with a vulnerable package goes nowhere; `restore` brings the service's sources back afterwards. */
export async function vulnerableImage(
  stage: Stage,
  restore: Readonly<Record<string, string>>,
): Promise<void> {
  const { claims, terminal } = stage;
  await stage.commit('Build on the base image of last year', {
    ...restore,
    Dockerfile: DOCKERFILE,
    VERSION: '2.1.0\n',
  });
  stage.mark();
  const delivery = await stage.deliver();
  const events = delivery.change ? await stage.events(delivery.change) : [];
  const log = delivery.result.jobs.map((job) => job.log).join('\n');
  terminal.line(terminal.bold('An image with a vulnerable package'));
  claims.claim('the change is denied', events.at(-1)?.transition.to === 'denied', () =>
    String(events.at(-1)?.transition.to),
  );
  claims.claim(
    'the gate names the package and what to do',
    /openssl/.test(log) && /Update openssl/.test(log),
  );
  claims.claim(
    'nothing was deployed',
    stage.effects('ecs', 'UpdateService') === 0 && stage.effects('ecs', 'RegisterTaskDefinition') === 0,
  );
  await stage.commit('Return to the current base image', restore);
}
