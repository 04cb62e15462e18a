import type { PolicyTarget } from './resource-policy.ts';
import type { RoutedRequest } from '../front-door/routed-request.ts';

/** A request whose method is found, before anybody has asked who calls. */
export interface UnauthorizedRequest extends Omit<RoutedRequest, 'caller' | 'apiKey'> {
  readonly target: PolicyTarget;
}
