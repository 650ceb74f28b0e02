import { type Given, optional, text } from '@tenant-delivery/action-kit/readers';
import { targetInputs } from '@tenant-delivery/delivery/inputs';

const { service: _, ...place } = targetInputs;

export const inputs = {
  ...place,
  'github-token': optional(text("the job's token, which may write issues")),
};

export type ReportInputs = Given<typeof inputs>;
