// The suite of grants.integration.test.ts, in full.
import '../support/in-full';
import './grants.integration.test';
