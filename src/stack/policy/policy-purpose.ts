/** What a policy can be for. Apart from the rest, which a help text does not load. */
export const POLICY_PURPOSES = ['deploy', 'run', 'destroy'] as const;
export type PolicyPurpose = (typeof POLICY_PURPOSES)[number];
