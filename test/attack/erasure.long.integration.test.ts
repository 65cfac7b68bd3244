// The suite of erasure.integration.test.ts, in full.
import '../support/in-full';
import './erasure.integration.test';
