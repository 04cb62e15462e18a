import type { Stack } from '../../src/aws/stack.ts';

/** A stack of which nothing is known but that it is complete. */
export const BARE_STACK: Stack = {
  name: 'x',
  id: 'id',
  status: 'CREATE_COMPLETE',
  statusReason: undefined,
  description: undefined,
  isExpress: false,
  parameters: {},
  outputs: {},
  tags: {},
  isProtected: false,
  roleArn: undefined,
  createdAt: undefined,
  updatedAt: undefined,
};
