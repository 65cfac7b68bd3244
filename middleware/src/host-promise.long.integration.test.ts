// The suite of host-promise.integration.test.ts, in full.
import '../../test/support/in-full';
import './host-promise.integration.test';
