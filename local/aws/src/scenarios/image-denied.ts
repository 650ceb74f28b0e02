import type { Scenario } from './scenario.ts';

export const imageDenied: Scenario = {
  says: 'the execution role may not pull the image',
  tasks: [
    {
      startSeconds: 3,
      pullError:
        'pull image manifest has been retried 1 time(s): failed to resolve ref {image}: unexpected status from HEAD request to https://{registry}/v2/{repository}/manifests: 403 Forbidden',
    },
  ],
};
