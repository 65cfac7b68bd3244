import {
  AUDIT_ACTIONS,
  type AuditEntry,
  type AuditPage,
  type MonitoringDisabled,
  type MonitoringEnabled,
  type MonitoringGrant,
  type MonitoringList,
  type UserErased,
} from '@flow-tracking/protocol';
import { z } from 'zod';
import { nextCursor, object, text, textOrNull, ts, tsOrNull, whole } from '../http/answer-fields';

export const userErased = object<UserErased>('UserErased', {
  user_id: text,
  flows: whole,
  checkpoints: whole,
  monitoring_disabled: z.boolean(),
  pending: z.boolean().meta({ description: 'True: the rest is erased once the streams are written' }),
});

const monitoringGrant = object<MonitoringGrant>('MonitoringGrant', {
  user_id: text,
  enabled_ts: ts,
  expires_ts: ts,
  enabled_by: textOrNull,
  reason: textOrNull,
});

export const monitoringEnabled = object<MonitoringEnabled>('MonitoringEnabled', { grant: monitoringGrant });

export const monitoringDisabled = object<MonitoringDisabled>('MonitoringDisabled', {
  user_id: text,
  disabled: z.boolean(),
});

export const monitoringList = object<MonitoringList>('MonitoringList', { grants: z.array(monitoringGrant) });

const auditEntry = object<AuditEntry>('AuditEntry', {
  id: whole,
  ts,
  action: z.enum(AUDIT_ACTIONS),
  user_id: text,
  actor: textOrNull,
  expires_ts: tsOrNull,
  reason: textOrNull,
});

export const auditPage = object<AuditPage>('AuditPage', { entries: z.array(auditEntry), next_cursor: nextCursor });
