/** Header of a request to the front door: the faults of that one request, in place of the emulator's own. */
export const FAULT_HEADER = 'x-emulator-fault';

/** How each kind of fault is written, and what it does: for help texts. */
export const FAULT_KINDS: readonly (readonly [usage: string, meaning: string])[] = [
  ['cut:N', 'the agent breaks off after N events'],
  ['stall:TIME[:N]', 'the agent is silent for TIME after N events (1)'],
  ['slow-first:TIME', 'the agent begins to answer after TIME'],
  ['throttle', 'AgentCore answers 429'],
  ['denied', 'AgentCore answers 403'],
  ['not-found', 'AgentCore answers 404'],
  ['conflict[:N]', 'AgentCore answers 409, try again: to the first N calls of a session (all)'],
  ['error:STATUS', 'AgentCore answers with the error of STATUS'],
  ['empty', 'the agent answers without a byte'],
  ['huge:BYTES', 'one event of BYTES (64kB, 8MB) comes first'],
  ['malformed', 'bytes that are no events and no UTF-8 come between the events'],
  ['crash[:N]', "the function's process dies after N writes (3; two are the prelude)"],
  ['held[:BYTES]', 'Lambda holds a write below BYTES (16384) until the next one'],
  ['buffered', 'Lambda keeps the response back until its end'],
];
