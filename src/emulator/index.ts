/** The door of the emulator: all that a host program needs. */
export { startEmulator, type Emulator } from './emulator.ts';
export type { EmulatorOptions } from './options.ts';
export type {
  ApiCallEvent,
  EmulatorEvent,
  EndpointRequestEvent,
  FunctionLogEvent,
} from './emulator-event.ts';
export { AwsError } from './aws-error.ts';
export type { Agent, AgentInvocation, AgentReply } from './agentcore/agent.ts';
export { echoAgent } from './agentcore/agents/echo.ts';
export { httpAgent, pingAgent, type PingResult } from './agentcore/agents/http.ts';
export {
  type AgentScript,
  scriptedAgent,
  type ScriptClock,
  type ScriptFrame,
  type ScriptOptions,
} from './agentcore/agents/scripted.ts';
export { storyAgent, type StoryOptions } from './agentcore/agents/story.ts';
