export { createLogger, type Logger } from './platform/logger';
export { startBridge, type Bridge } from './bridge';
export { readConfig, type Config } from './config';
export { BridgeError, type BridgeErrorCode } from './errors';
