import type { Scenario } from './scenario.ts';

export const commandNotStarted: Scenario = {
  says: 'the command of the container is not in the image',
  tasks: [
    {
      startSeconds: 4,
      cannotStart: {
        reason:
          'CannotStartContainerError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/srv/start": stat /srv/start: no such file or directory: unknown',
        of: 'container',
      },
    },
  ],
};
