// The suite of recovery.integration.test.ts, in full.
import '../../test/support/in-full';
import './recovery.integration.test';
