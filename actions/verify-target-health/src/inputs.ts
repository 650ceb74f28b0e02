import { integer, text } from '@tenant-delivery/action-kit/readers';
import { changeInputs } from '@tenant-delivery/delivery/inputs';

export const inputs = {
  ...changeInputs,
  report: text('the `report` output of deploy-ecs-service', /^sha256:[0-9a-f]{64}$/),
  'timeout-minutes': integer(1, 120),
};
