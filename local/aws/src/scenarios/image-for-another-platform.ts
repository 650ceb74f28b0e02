import type { Scenario } from './scenario.ts';

export const imageForAnotherPlatform: Scenario = {
  says: 'the image is for another processor than the task',
  tasks: [
    {
      startSeconds: 3,
      pullError:
        "pull image manifest has been retried 1 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
    },
  ],
};
