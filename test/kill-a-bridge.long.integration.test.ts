// The suite of kill-a-bridge.integration.test.ts, in full.
import './support/in-full';
import './kill-a-bridge.integration.test';
