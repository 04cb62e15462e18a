import type { Iam } from '../iam/service.ts';
import { type RestRoutes, sendJson } from '../protocols/rest-json.ts';
import type { Functions } from './functions.ts';
import type { LambdaLimits } from './limits.ts';

/** GetAccountSettings (API reference): what the account may run at once, and how much of its storage is used. */
export function accountRoutes(functions: Functions, iam: Iam, limits: LambdaLimits): RestRoutes {
  return {
    'GET /2016-08-19/account-settings': ({ accessKeyId }, response) => {
      iam.authorize(accessKeyId, 'lambda:GetAccountSettings', ['*']);
      const all = functions.all();
      const reserved = all.reduce((sum, each) => sum + (each.reservedConcurrency ?? 0), 0);
      sendJson(response, 200, {
        AccountLimit: {
          ConcurrentExecutions: limits.concurrentExecutions,
          UnreservedConcurrentExecutions: limits.concurrentExecutions - reserved,
        },
        AccountUsage: {
          FunctionCount: all.length,
          TotalCodeSize: all.reduce((sum, each) => sum + each.codeBytes, 0),
        },
      });
    },
  };
}
