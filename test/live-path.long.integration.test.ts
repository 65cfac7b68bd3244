// The suite of live-path.integration.test.ts, on a machine that does nothing else: how soon an event is seen counts.
import './support/in-full';
import './live-path.integration.test';
