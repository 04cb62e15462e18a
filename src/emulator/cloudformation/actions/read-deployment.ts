import type { Form } from '../../protocols/query.ts';
import type { DeploymentMode } from '../engine/deployment-config.ts';
import { readChoice, readFlag, readStructure } from './form-members.ts';

/** The `DeploymentConfig` of a request. @throws {AwsError} ValidationError (400) */
export function readDeployment(form: Form): DeploymentMode {
  const config = readStructure(form, 'DeploymentConfig') ?? {};
  return {
    mode: readChoice(config, 'Mode', ['STANDARD', 'EXPRESS'] as const) ?? 'STANDARD',
    disableRollback: readFlag(config, 'DisableRollback'),
  };
}
