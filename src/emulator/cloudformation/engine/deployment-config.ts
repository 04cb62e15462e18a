/** How an operation is run (API reference, DeploymentConfig). */
export interface DeploymentMode {
  /** EXPRESS: a resource is done when its configuration is applied; nobody waits until it is ready. */
  readonly mode: 'STANDARD' | 'EXPRESS';
  /** Undefined when the request does not say. */
  readonly disableRollback: boolean | undefined;
}

export const STANDARD_DEPLOYMENT: DeploymentMode = { mode: 'STANDARD', disableRollback: undefined };
