import type { DeployRequest } from './deploy-request.ts';

/** The request that changes nothing. In a file of its own, so that a start that asks for nothing loads no schema. */
export const NOTHING_ASKED: DeployRequest = {
  schemaVersion: 1,
  source: { kind: 'running' },
  images: {},
  environment: {},
  secrets: {},
  patch: {},
  tags: {},
  allowUnknown: [],
  update: {},
};
