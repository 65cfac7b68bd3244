import { useFullLength } from './length';

// Imported for this, before the suite that is to run in full.
useFullLength();
