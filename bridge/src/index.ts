export { createLogger, type Logger } from './adapters/logger';
export { startBridge, type Bridge } from './bridge';
export { readConfig, type Config } from './config';
export { BridgeError, type BridgeErrorCode } from './errors';
