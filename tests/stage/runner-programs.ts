import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The few commands of the `aws` command line that scripts of workflows still say, over the same SDK. */
const AWS = `#!/usr/bin/env node
import { DescribeTaskDefinitionCommand, ECSClient, RegisterTaskDefinitionCommand, UpdateServiceCommand } from 'SDK';
const [service, command, ...words] = process.argv.slice(2);
const option = (name) => words[words.indexOf(name) + 1];
if (service === 'ecr' && command === 'get-login-password') console.log('password');
else if (service === 'ecs' && command === 'describe-task-definition') {
  const asked = new DescribeTaskDefinitionCommand({ taskDefinition: option('--task-definition') });
  console.log(JSON.stringify((await new ECSClient().send(asked)).taskDefinition, null, 2));
} else if (service === 'ecs' && command === 'register-task-definition') {
  const { taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy, ...wanted } =
    JSON.parse(option('--cli-input-json'));
  console.log((await new ECSClient().send(new RegisterTaskDefinitionCommand(wanted))).taskDefinition.taskDefinitionArn);
} else if (service === 'ecs' && command === 'update-service') {
  const [cluster, of, count] = ['--cluster', '--service', '--desired-count'].map(option);
  await new ECSClient().send(new UpdateServiceCommand({ cluster, service: of, desiredCount: Number(count) }));
} else {
  console.error('no aws ' + process.argv.slice(2).join(' '));
  process.exit(2);
}
`;

/** A folder for PATH with the programs that a runner of GitHub has and this machine may not. */
export function runnerPrograms(folder: string): string {
  const programs = join(folder, 'programs');
  mkdirSync(programs, { recursive: true });
  const sdk = pathToFileURL(createRequire(import.meta.url).resolve('@aws-sdk/client-ecs')).href;
  const files = {
    'aws.mjs': AWS.replace('SDK', sdk),
    docker: '#!/bin/sh\nif [ "$1" = login ]; then cat > /dev/null; fi\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(programs, name), text);
  writeFileSync(join(programs, 'aws'), `#!/bin/sh\nexec "${process.execPath}" "${programs}/aws.mjs" "$@"\n`);
  for (const name of ['aws', 'docker']) chmodSync(join(programs, name), 0o755);
  return programs;
}
