import type { Scenario } from './scenario.ts';

export const imageNotFound: Scenario = {
  says: 'the registry does not have the image',
  tasks: [
    {
      startSeconds: 3,
      pullError:
        'pull image manifest has been retried 1 time(s): failed to resolve ref {image}: {image}: not found',
    },
  ],
};
